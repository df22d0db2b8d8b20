#!/usr/bin/env bash
# Use every command of `harness` that has a document, and keep the documents.
#
# usage: HARNESS=path/to/harness record.sh PACK FOLDER
#
# PACK is copied to FOLDER/pack. FOLDER/documents gets NAME.json for each command, and FOLDER/codes
# a line "NAME CODE"; FOLDER/record is the record of attempts: one over, one open, one in an exam,
# and one that was killed while its submission was judged.
set -u
pack=$(realpath "$1")
mkdir -p "$2" && cd "$2" || exit 2
folder=$PWD
mkdir -p documents ws && cp -r "$pack" pack || exit 2
export HARNESS_HOME=$folder/record HARNESS_WORKSPACES=$folder/ws HARNESS_PACKS=$folder/pack
export COLUMNS=80 NO_COLOR=1
problem=$folder/pack/problems/juice_bar

document() { # NAME COMMAND...: keep what the command prints with --json
  name=$1; shift
  "$HARNESS" "$@" --json > "$folder/documents/$name.json" 2> "$folder/errors" < /dev/null
  echo "$name $?" >> "$folder/codes"
}
solve() { cp "$problem/$1/solution.py" solution.py; }
mistake() { # the reference of level 2, with the smallest totals first
  sed 's/-self.total/self.total/' "$problem/reference/level2/solution.py" > solution.py
}

document list list
document start start juice_bar --no-watch --dir ws/first
cd ws/first || exit 2
document statement statement
document test_failed test
document submit_failed submit
solve reference/level1
document test_passed test
document submit_level1 submit
document pause pause
document resume resume
document extend extend 5
document status status
document reset reset --yes
document undo undo
mistake
document submit_mistake submit
document reveal reveal --yes
document report report
cd "$folder" && document start_second start juice_bar --no-watch --dir ws/second --feedback calls
cd ws/second || exit 2
solve reference/level1
document submit_second submit
mistake
document submit_second_mistake submit
cd "$folder" && document start_exam start juice_bar --no-watch --dir ws/exam --mode exam --minutes 60
cd ws/exam || exit 2
solve reference/level1
document submit_exam submit
document finish finish --yes
rm -r "$folder/ws/exam"
cd "$folder" && document start_killed start juice_bar --no-watch --dir ws/killed
cd ws/killed || exit 2
solve reference/level1
sed -i '1i import time; time.sleep(1)' solution.py
setsid "$HARNESS" submit > /dev/null 2>&1 < /dev/null & submitting=$!
while kill -0 $submitting && ! "$HARNESS" status --json 2> /dev/null | grep -q '"pending_submission": true'; do :; done
kill -9 -- -$submitting; wait 2> /dev/null
document status_killed status
cd "$folder" || exit 2
document history history
document verify attempts verify
"$HARNESS" attempts backup backup.db > /dev/null; echo "backup $?" >> codes
document doctor doctor
document check author check juice_bar
document run author run juice_bar --solution "$problem/reference/level1"
document preview author preview juice_bar
document fuzz author fuzz juice_bar --examples 40
document release author release juice_bar --version 1.1.0 -m "Recorded."
document pack author pack pack --into dist
document new author new other --dir other --levels 1
document wrong_usage start no_such_problem
attempt=$(grep -o "\"attempt\": \"[a-z0-9]*" ws/first/.harness/attempt.json | cut -d\" -f4)
"$HARNESS" attempts export "$attempt" > documents/export.json
"$HARNESS" author schema > documents/schema.json
rm -rf record/cache record/locks
