"""Keyed draws: seedrandom's generator, MurmurHash3's finaliser, and functions built on them."""

import hashlib

M32 = 0xFFFFFFFF


def fmix32(h):
    """MurmurHash3's finaliser of one unsigned 32-bit word."""
    h ^= h >> 16
    h = h * 0x85EBCA6B & M32
    h ^= h >> 13
    h = h * 0xC2B2AE35 & M32
    return h ^ (h >> 16)


def mixed_key(codes):
    """The key that seedrandom makes from the character codes of a seed: at most 256 bytes."""
    key = []
    smear = 0
    for j, code in enumerate(codes):
        place = j & 255
        if place < len(key):
            smear ^= key[place] * 19
            key[place] = (smear + code) & 255
        else:
            key.append((smear + code) & 255)
    return key


class Arc4:
    """The byte stream of ARC4 after its first 256 bytes, in seedrandom's order."""

    def __init__(self, key):
        key = key or [0]
        self.s = list(range(256))
        self.i = self.j = 0
        j = 0
        for i in range(256):
            j = (j + key[i % len(key)] + self.s[i]) & 255
            self.s[i], self.s[j] = self.s[j], self.s[i]
        for _ in range(256):
            self.byte()

    def byte(self):
        s = self.s
        self.i = (self.i + 1) & 255
        self.j = (self.j + s[self.i]) & 255
        s[self.i], s[self.j] = s[self.j], s[self.i]
        return s[(s[self.i] + s[self.j]) & 255]

    def word(self):
        """Four bytes, the first one highest."""
        value = 0
        for _ in range(4):
            value = value << 8 | self.byte()
        return value


def salts(seed, epoch, stage, entry):
    """Two words for each entry of a stage. Bytes, not characters, go into the generator."""
    stream = Arc4(mixed_key(f"{seed}/{epoch}/{stage}/{entry}".encode("utf-8")))
    return stream.word(), stream.word()


def words(text):
    """The first two words of the MD5 of a text."""
    digest = hashlib.md5(text.encode("utf-8")).digest()
    return int.from_bytes(digest[0:4], "big"), int.from_bytes(digest[4:8], "big")


def draw(key_words, entry_salts, k):
    """Attempt k: two words."""
    w = fmix32((k + 1) * 0x9E3779B1 & M32)
    return fmix32(key_words[0] ^ entry_salts[0] ^ w), fmix32(key_words[1] ^ entry_salts[1] ^ w)


def uniform(a, b):
    """53 bits of two words as a number in [0, 1)."""
    return (a * 2**21 + (b >> 11)) / 2**53
