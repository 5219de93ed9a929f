#pragma once
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <string.h>

// The low-level functions are the only ones of OpenSSL 3.0 whose state can be kept and taken up again; it calls them deprecated.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static inline void zoo_sha1_start(SHA_CTX *context) { SHA1_Init(context); }
static inline void zoo_sha1_take(SHA_CTX *context, const void *bytes, size_t count) { SHA1_Update(context, bytes, count); }
static inline void zoo_sha1_finish(SHA_CTX *context, unsigned char *digest) { SHA1_Final(digest, context); }
static inline void zoo_sha256_start(SHA256_CTX *context) { SHA256_Init(context); }
static inline void zoo_sha256_take(SHA256_CTX *context, const void *bytes, size_t count) { SHA256_Update(context, bytes, count); }
static inline void zoo_sha256_finish(SHA256_CTX *context, unsigned char *digest) { SHA256_Final(digest, context); }

// The state behind a whole number of blocks of 64 bytes is the words of the digest so far, here with the first byte of each first.
static inline void zoo_put_word(unsigned char *out, unsigned word) {
    out[0] = word >> 24, out[1] = word >> 16, out[2] = word >> 8, out[3] = word;
}
static inline unsigned zoo_get_word(const unsigned char *in) {
    return (unsigned)in[0] << 24 | (unsigned)in[1] << 16 | (unsigned)in[2] << 8 | in[3];
}
static inline void zoo_sha1_state(const SHA_CTX *context, unsigned char *out) {
    const unsigned words[5] = {context->h0, context->h1, context->h2, context->h3, context->h4};
    for (int i = 0; i < 5; i++) zoo_put_word(out + 4 * i, words[i]);
}
static inline void zoo_sha1_resume(SHA_CTX *context, const unsigned char *in, unsigned long long byte_count) {
    SHA1_Init(context);
    context->h0 = zoo_get_word(in), context->h1 = zoo_get_word(in + 4), context->h2 = zoo_get_word(in + 8);
    context->h3 = zoo_get_word(in + 12), context->h4 = zoo_get_word(in + 16);
    context->Nl = (unsigned)(byte_count << 3), context->Nh = (unsigned)(byte_count >> 29);
}
static inline void zoo_sha256_state(const SHA256_CTX *context, unsigned char *out) {
    for (int i = 0; i < 8; i++) zoo_put_word(out + 4 * i, context->h[i]);
}
static inline void zoo_sha256_resume(SHA256_CTX *context, const unsigned char *in, unsigned long long byte_count) {
    SHA256_Init(context);
    for (int i = 0; i < 8; i++) context->h[i] = zoo_get_word(in + 4 * i);
    context->Nl = (unsigned)(byte_count << 3), context->Nh = (unsigned)(byte_count >> 29);
}
#pragma GCC diagnostic pop
