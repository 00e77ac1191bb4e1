package dnclog

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"net/url"
	"strconv"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
)

const headWord = "carillon-dnc/1"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seal ends a line that begins at from.
func seal(to []byte, from int) []byte {
	return fmt.Appendf(to, " %08x\n", crc32.Checksum(to[from:], castagnoli))
}

// unseal returns the fields of a line whose checksum is right.
func unseal(line []byte) ([]string, bool) {
	at := bytes.LastIndexByte(line, ' ')
	if at < 0 || string(line[at+1:]) != fmt.Sprintf("%08x", crc32.Checksum(line[:at], castagnoli)) {
		return nil, false
	}
	return strings.Split(string(line[:at]), " "), true
}

func appendHead(to []byte, of Owner) []byte {
	from := len(to)
	return seal(fmt.Appendf(to, "0 %s %s %s", headWord, of.Ledger, of.Key), from)
}

func parseHead(line []byte) (of Owner, ok bool) {
	f, ok := unseal(line)
	if !ok || len(f) != 4 || f[0] != "0" || f[1] != headWord {
		return of, false
	}
	return Owner{f[2], f[3]}, true
}

func appendEntry(to []byte, seq uint64, e *Entry) []byte {
	from := len(to)
	what := "off"
	if e.On {
		what = "on"
	}
	to = fmt.Appendf(to, "%d %d %s %x %s", seq, e.At, what, e.Token[:], url.QueryEscape(e.Source))
	if e.Scope != cadence.ScopeAll {
		to = fmt.Appendf(to, " %s", url.QueryEscape(string(e.Scope)))
	}
	return seal(to, from)
}

func parseEntry(line []byte) (seq uint64, e Entry, ok bool) {
	f, ok := unseal(line)
	if !ok || len(f) < 5 || len(f) > 6 || len(f[3]) != 2*len(e.Token) {
		return 0, e, false
	}
	seq, err := strconv.ParseUint(f[0], 10, 64)
	if err != nil || seq == 0 {
		return 0, e, false
	}
	if e.At, err = strconv.ParseInt(f[1], 10, 64); err != nil {
		return 0, e, false
	}
	if _, err := hex.Decode(e.Token[:], []byte(f[3])); err != nil {
		return 0, e, false
	}
	if e.Source, err = url.QueryUnescape(f[4]); err != nil {
		return 0, e, false
	}
	if len(f) == 6 {
		scope, err := url.QueryUnescape(f[5])
		if err != nil || scope == "" {
			return 0, e, false
		}
		e.Scope = cadence.Scope(scope)
	}
	e.On = f[2] == "on"
	return seq, e, e.On || f[2] == "off"
}
