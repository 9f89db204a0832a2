package io.tollgate.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class TokensTest {

    @Test
    void aTokenTellsItsRole() {
        Tokens tokens = Tokens.draw(new SecureRandom());
        assertThat(tokens.roleOf(tokens.admin())).hasValue(Role.ADMIN);
        assertThat(tokens.roleOf(tokens.platform())).hasValue(Role.PLATFORM);
        assertThat(tokens.roleOf(tokens.finance())).hasValue(Role.FINANCE);
        assertThat(tokens.roleOf("")).isEmpty();
        assertThat(tokens.roleOf(tokens.admin() + "x")).isEmpty();
    }

    @Test
    void tokensThatAreEqualOrCannotBeSentAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Tokens("a", "a", "b"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Tokens("a", "", "b"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Tokens("a", "with space", "b"));
    }

    @Test
    void tokensDoNotReachALog() {
        assertThat(new Tokens("aaa", "bbb", "ccc").toString()).doesNotContain("aaa", "bbb", "ccc");
    }

    @Test
    void onlyAdminActsAsOthers() {
        assertThat(Role.ADMIN.mayActAs(Role.Names.FINANCE)).isTrue();
        assertThat(Role.FINANCE.mayActAs(Role.Names.FINANCE)).isTrue();
        assertThat(Role.FINANCE.mayActAs(Role.Names.PLATFORM)).isFalse();
        assertThat(Role.PLATFORM.mayActAs(Role.Names.ADMIN)).isFalse();
        for (String other : new String[] {Role.Names.ADMIN, Role.Names.PLATFORM, Role.Names.FINANCE}) {
            assertThat(Role.TENANT.mayActAs(other)).isFalse();
        }
    }
}
