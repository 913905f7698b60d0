#!/bin/sh
# usage: audit.sh PYTHON LOCK
# Fails if a pinned package has a known vulnerability. Where nobody can be asked it says so and what it needs, and fails
# only under CI, where nobody would read it.
set -u

unanswered() {
    echo "not audited: $1"
    echo "it needs $2"
    [ -z "${CI:-}" ]
    exit
}

if ! "$1" -c 'import pip_audit' 2>/dev/null; then
    unanswered "pip-audit could not be installed" "a package index that pip reaches"
fi
said=$("$1" -m pip_audit --require-hashes --disable-pip --progress-spinner off -r "$2" 2>&1)
code=$?
echo "$said" | tail -40
if [ "$code" -ne 0 ] && echo "$said" | grep -qiE 'connection|resolve host|timed out|unreachable|ServiceError'; then
    unanswered "the database of vulnerabilities cannot be reached" "https://pypi.org or https://api.osv.dev"
fi
unknown=$(echo "$said" | grep -c 'could not be audited')
if [ "$code" -eq 0 ] && [ "$unknown" -gt 0 ]; then  # pip-audit calls that a success
    unanswered "nobody knew $unknown of the packages" "https://pypi.org or https://api.osv.dev"
fi
exit "$code"
