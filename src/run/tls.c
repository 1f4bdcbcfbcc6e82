/*
 * TLS for callers, by OpenSSL. This file is all that front knows of it.
 */
#include "run/front.h"

#include <openssl/err.h>
#include <openssl/pem.h>

static bool use_certificates(SSL_CTX *context, str pem)
{
    BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.len);
    X509 *leaf = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL), *more;
    bool good = leaf && SSL_CTX_use_certificate(context, leaf) == 1;

    X509_free(leaf);
    while (good && (more = PEM_read_bio_X509(bio, NULL, NULL, NULL)))
        good = SSL_CTX_add0_chain_cert(context, more) == 1;
    BIO_free(bio);
    ERR_clear_error(); /* the end of the file counts as one */
    return good;
}

static bool use_key(SSL_CTX *context, str pem)
{
    BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.len);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    bool good = key && SSL_CTX_use_PrivateKey(context, key) == 1;

    EVP_PKEY_free(key);
    BIO_free(bio);
    return good && SSL_CTX_check_private_key(context) == 1;
}

bool tls_context(str cert, str key, SSL_CTX **ret, struct err *e)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    if (!context)
        return err_set(e, ERR_SYSTEM, "cannot start TLS");
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    if (!use_certificates(context, cert)) {
        SSL_CTX_free(context);
        return err_set(e, ERR_INPUT, "--tls-cert holds no certificate in PEM form");
    }
    if (!use_key(context, key)) {
        SSL_CTX_free(context);
        return err_set(e, ERR_INPUT, "--tls-key holds no private key that fits --tls-cert");
    }
    *ret = context;
    return true;
}

static enum tls_result verdict(struct client *c, int result)
{
    switch (SSL_get_error(c->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        c->readable = false;
        return TLS_AGAIN;
    case SSL_ERROR_WANT_WRITE:
        c->writable = false;
        return TLS_AGAIN;
    default:
        ERR_clear_error();
        return TLS_END;
    }
}

enum tls_result tls_handshake(struct client *c)
{
    int r = SSL_accept(c->ssl);

    if (r != 1)
        return verdict(c, r);
    c->handshaken = true;
    c->readable = true;
    return TLS_OK;
}

enum tls_result tls_read(struct client *c, char *to, size_t n, size_t *got)
{
    int r = SSL_read_ex(c->ssl, to, n, got);

    return r == 1 ? TLS_OK : verdict(c, r);
}

enum tls_result tls_write(struct client *c, str bytes, size_t *put)
{
    int r = SSL_write_ex(c->ssl, bytes.at, bytes.len, put);

    return r == 1 ? TLS_OK : verdict(c, r);
}
