#!/usr/bin/env bash
# The step of action.yml that checks; its settings come as W2V_* of the environment.
set -euo pipefail

arguments=(--format github --max-issues "${W2V_MAX_ISSUES:-1000}")
if [[ -n "${GITHUB_STEP_SUMMARY:-}" ]]; then arguments+=(--summary "$GITHUB_STEP_SUMMARY"); fi
if [[ -n "${W2V_THUMBNAILS:-}" ]]; then arguments+=(--thumbnails "$W2V_THUMBNAILS"); fi
if [[ "${W2V_IMAGES:-true}" == false ]]; then arguments+=(--no-images); fi

since="${W2V_CHANGED_SINCE:-all}"
if [[ "$since" != all ]]; then
  # A checkout of depth 1 lacks the base; HEAD is then the merge, whose diff to the base is the change.
  git cat-file -e "$since^{commit}" 2>/dev/null || git fetch --quiet --depth=1 origin "$since"
  arguments+=(--changed-since "$since")
fi

mapfile -t paths < <(grep -v '^[[:space:]]*$' <<<"${W2V_PATHS:-.}")
exec world2vlm check "${arguments[@]}" -- "${paths[@]}"
