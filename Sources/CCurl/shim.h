// libcurl's setopt and getinfo are variadic, which Swift cannot call: one typed door per argument kind.
#pragma once
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static inline CURLcode zoo_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode zoo_curl_set_off_t(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode zoo_curl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode zoo_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode zoo_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

// One door per callback type, for CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION, CURLOPT_PREREQFUNCTION, CURLOPT_OPENSOCKETFUNCTION,
// CURLOPT_CLOSESOCKETFUNCTION.
typedef size_t (*zoo_curl_data_function)(char *bytes, size_t size, size_t count, void *context);
typedef int (*zoo_curl_prereq_function)(void *context, char *peer, char *local, int peer_port, int local_port);
typedef curl_socket_t (*zoo_curl_socket_function)(void *context, curlsocktype purpose, struct curl_sockaddr *address);
typedef int (*zoo_curl_close_function)(void *context, curl_socket_t socket);

static inline CURLcode zoo_curl_set_data_function(CURL *easy, CURLoption option, zoo_curl_data_function value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode zoo_curl_set_prereq_function(CURL *easy, zoo_curl_prereq_function value) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, value);
}
static inline CURLcode zoo_curl_set_socket_function(CURL *easy, zoo_curl_socket_function value) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, value);
}

static inline CURLcode zoo_curl_set_close_function(CURL *easy, zoo_curl_close_function value) {
    return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, value);
}

static inline CURLcode zoo_curl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode zoo_curl_get_off_t(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}

// The address as text; 0 for a family that is neither IPv4 nor IPv6. `addr` is larger than its declared type for IPv6.
static inline int zoo_curl_address_text(const struct curl_sockaddr *address, char *text, unsigned int size) {
    const void *data = &address->addr;
    if (address->family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, data, sizeof four);
        return inet_ntop(AF_INET, &four.sin_addr, text, size) != NULL;
    }
    if (address->family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, data, sizeof six);
        return inet_ntop(AF_INET6, &six.sin6_addr, text, size) != NULL;
    }
    return 0;
}

// A socket as libcurl would open it, but closed when a program is started (libcurl 7.88 leaves that out).
static inline curl_socket_t zoo_curl_open_socket(const struct curl_sockaddr *address) {
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}
