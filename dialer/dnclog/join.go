package dnclog

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// Join appends to the log at path what other, the content of another log of
// the same owner, knows and it does not, and returns how many entries that
// were. Each log goes on from a common past, or from none: neither need be the
// younger one. A mark that either has stands, unless the other one holds that
// very mark and its removal after it. So nobody who said no is lost, and who
// took the no back is not marked again by an old copy.
//
// damaged says what cannot be read of other; what can be is joined all the
// same. What cannot be read of the log itself shows at each Open. No other
// process may have the log open meanwhile: its next entry would be numbered
// as if nothing had been added, which the Open after it calls damage.
func Join(path string, of Owner, other []byte) (added int, damaged []string, err error) {
	theirs, keep, err := read(other, of)
	if err != nil {
		return 0, nil, fmt.Errorf("do-not-call log to be joined: %w", err)
	}
	own, err := history(path)
	if err != nil {
		return 0, nil, err
	}
	l, ours, err := Open(path, of)
	if err != nil {
		return 0, nil, err
	}
	news := unknown(ours, theirs, known(own, theirs.Marks), known(other[:keep], ours.Marks))
	err = errors.Join(l.Append(news), l.Close())
	return len(news), theirs.Damaged, err
}

// history is the whole lines of a log; a missing one has none.
func history(path string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("do-not-call log: %w", err)
	}
	return raw[:bytes.LastIndexByte(raw, '\n')+1], nil
}

// unknown lists what theirs adds to ours. weKnow are the entries of theirs
// that our log holds somewhere, theyKnow the other way round.
func unknown(ours, theirs *Found, weKnow, theyKnow map[Entry]bool) (news []Entry) {
	for t, e := range theirs.Marks {
		own, has := ours.Marks[t]
		switch {
		case !has, e.On && !own.On && !weKnow[e], !e.On && own.On && theyKnow[own], !e.On && !own.On && e.At > own.At:
			news = append(news, e)
		}
	}
	slices.SortFunc(news, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.At, b.At), bytes.Compare(a.Token[:], b.Token[:]), cmp.Compare(a.Scope, b.Scope))
	})
	return news
}

// known picks those of the marks that a log holds, at whatever place.
func known(raw []byte, marks map[Name]Entry) map[Entry]bool {
	found := map[Entry]bool{}
	for line := range bytes.Lines(raw) {
		_, e, ok := parseEntry(bytes.TrimSuffix(line, []byte{'\n'}))
		if ok && marks[e.Name()] == e {
			found[e] = true
		}
	}
	return found
}
