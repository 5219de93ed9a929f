#!/bin/sh
# upload
curl -H 'Authorization: token github_pat_11AAAAAAA0abcdefghijklm_n0pqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghi' https://api.example
