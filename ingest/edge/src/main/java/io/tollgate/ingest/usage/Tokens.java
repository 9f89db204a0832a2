package io.tollgate.ingest.usage;

import io.tollgate.emitter.rules.RejectionReason;

/**
 * Tokens by what they stand for. Video and documents are text: vendors price them alike.
 *
 * @param text all that is neither image nor audio; each is zero or more
 */
record Tokens(long text, long image, long audio) {

    static final Tokens NONE = new Tokens(0, 0, 0);

    /** A whole of which image and audio are parts. */
    static Tokens of(String whole, long amount, long image, long audio) throws Refusal {
        long text = new Parts().and("image", image).and("audio", audio).within(whole, amount);
        return new Tokens(text, image, audio);
    }

    static Tokens text(long amount) {
        return new Tokens(amount, 0, 0);
    }

    /** Never overflows: all tokens come from one number of the body, or from a sum that was checked. */
    long sum() {
        return text + image + audio;
    }

    Tokens plus(Tokens other) {
        return new Tokens(text + other.text, image + other.image, audio + other.audio);
    }

    Tokens minus(Tokens part) {
        return new Tokens(text - part.text, image - part.image, audio - part.audio);
    }

    /** As many of these of which nobody tells the kind: text while there is any, then images, then audio. */
    Tokens textFirst(long amount) {
        long ofText = Math.min(amount, text);
        long ofImage = Math.min(amount - ofText, image);
        return new Tokens(ofText, ofImage, amount - ofText - ofImage);
    }

    /**
     * Those of a prompt that were read from a cache.
     *
     * @param cachedPath where their number stands
     * @param named those of which the body tells the kind; the rest is text first
     */
    Tokens cached(String cachedPath, long cached, Tokens named) throws Refusal {
        long unnamed = new Parts()
                .and("text", named.text)
                .and("image", named.image)
                .and("audio", named.audio)
                .within(cachedPath, cached);
        if (named.text > text || named.image > image || named.audio > audio) {
            throw new Refusal(
                    RejectionReason.USAGE_PARTS_EXCEED_WHOLE,
                    "The prompt has %s, but of %s there are %s.".formatted(told(), cachedPath, named.told()));
        }
        return named.plus(minus(named).textFirst(unnamed));
    }

    private String told() {
        return "%d tokens of text, %d of images and %d of audio".formatted(text, image, audio);
    }
}
