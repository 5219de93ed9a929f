// libcurl's setopt and getinfo are variadic, which Swift cannot call: one typed door per argument kind.
#pragma once
#include <curl/curl.h>

static inline CURLcode zoo_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode zoo_curl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
