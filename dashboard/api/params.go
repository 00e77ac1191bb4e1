package api

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// The size of a page, and how many rows one request may look through for it.
// A search that finds little therefore answers short pages with a next cursor
// instead of making the server busy for long.
const (
	defaultLimit = 100
	maxLimit     = 1000
	maxScan      = 20_000
)

func validText(b []byte) bool { return utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 }

// limit is the size of the page that was asked for.
func (r *request) limit() (int, error) {
	s := r.query("limit")
	if s == "" {
		return defaultLimit, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxLimit {
		return 0, invalid("limit", "limit must be 1 to 1000")
	}
	return n, nil
}

// id reads an id from the path.
func (r *request) id(k cadence.Kind) (cadence.ID, error) { return parseID(k, "id", r.param("id")) }

func parseID(k cadence.Kind, field, text string) (cadence.ID, error) {
	id, err := cadence.ParseID(k, text)
	if err != nil {
		return id, invalid(field, field+" is not an id of the form "+string(k)+"_ and 26 characters")
	}
	return id, nil
}

// nobodys reports whether a list is narrowed to the id of nobody. It has the
// form of one, and further in it stands for everybody.
func (r *request) nobodys(k cadence.Kind, field string) bool {
	id, err := cadence.ParseID(k, r.query(field))
	return err == nil && id.IsZero()
}

// after reads a cursor that is a bare id.
func (r *request) after() (cadence.ID, error) {
	s := r.query("cursor")
	if s == "" {
		return cadence.ID{}, nil
	}
	id, err := cadence.ParseBareID(s)
	if err != nil {
		return id, badCursor()
	}
	return id, nil
}

func badCursor() error { return invalid("cursor", "cursor is not the next of a page") }

// place is a cursor into what is ordered by time, newest first.
type place struct {
	part string // which part of the list
	at   int64
	id   cadence.ID
}

func (p place) text() string {
	return p.part + "." + strconv.FormatInt(p.at, 10) + "." + p.id.Bare()
}

func (r *request) place() (p place, set bool, err error) {
	s := r.query("cursor")
	if s == "" {
		return p, false, nil
	}
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return p, false, badCursor()
	}
	at, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return p, false, badCursor()
	}
	id, err := cadence.ParseBareID(parts[2])
	if err != nil {
		return p, false, badCursor()
	}
	return place{parts[0], at, id}, true, nil
}

// period reads from and to: instants, or dates in tz. A date as to means up to
// its end. Zero is open.
func (r *request) period() (from, to int64, err error) {
	zone := time.UTC
	if tz := r.query("tz"); tz != "" {
		if zone, err = window.LoadZone(tz); err != nil {
			return 0, 0, invalid("tz", "tz must be an IANA zone such as America/New_York")
		}
	}
	if from, err = moment(zone, "from", r.query("from"), 0); err != nil {
		return 0, 0, err
	}
	if to, err = moment(zone, "to", r.query("to"), 1); err != nil {
		return 0, 0, err
	}
	if to != 0 && to <= from {
		return 0, 0, invalid("to", "to must be after from")
	}
	return from, to, nil
}

// span is a period as it is told.
type span struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// maxLast bounds the parameter last, in days.
const maxLast = 3650

// span reads a period and widens it to whole quarters of an hour: from and to,
// or last, which ends with the quarter that is now. One that begins somewhere
// ends somewhere too; without any it is all time, and both are 0.
func (a *API) span(r *request) (from, to int64, err error) {
	if from, to, err = r.period(); err != nil {
		return 0, 0, err
	}
	if s := r.query("last"); s != "" {
		if from != 0 || to != 0 {
			return 0, 0, invalid("last", "give last, or from and to, but not both")
		}
		n, err := strconv.Atoi(s[:len(s)-1])
		unit := map[byte]int64{'h': 3_600_000, 'd': 86_400_000}[s[len(s)-1]]
		if err != nil || unit == 0 || n < 1 || int64(n) > maxLast*86_400_000/unit {
			return 0, 0, invalid("last", "last must be a number of hours or days such as 24h or 7d, at most 3650d")
		}
		to = a.op.Now().UnixMilli()/state.BucketMs*state.BucketMs + state.BucketMs
		return to - int64(n)*unit, to, nil
	}
	from = from / state.BucketMs * state.BucketMs
	if from != 0 && to == 0 {
		if to = a.op.Now().UnixMilli() + 1; to <= from {
			to = from + state.BucketMs // nothing has happened there yet
		}
	}
	return from, (to + state.BucketMs - 1) / state.BucketMs * state.BucketMs, nil
}

// moment reads one end of a period in Unix ms; of a date, the midnight days
// after it.
func moment(zone *time.Location, field, text string, days int) (int64, error) {
	if text == "" {
		return 0, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		d, derr := time.ParseInLocation(time.DateOnly, text, zone)
		if derr != nil {
			return 0, invalid(field, field+" must be a date or an instant such as 2026-03-03T14:55:00Z")
		}
		t = time.Date(d.Year(), d.Month(), d.Day()+days, 0, 0, 0, 0, zone)
	}
	if t.Year() < 1970 || t.Year() > 9999 {
		return 0, invalid(field, field+" is out of range")
	}
	return t.UnixMilli(), nil
}

// instant reads an instant in a body.
func instant(field, text string) (int64, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return 0, invalid(field, field+" must be an instant such as 2026-03-03T14:55:00Z")
	}
	return t.UnixMilli(), nil
}

// number reads a telephone number in E.164 form.
func number(field, text string) (cadence.Number, error) {
	n, ext, err := cadence.ParseNumber(text, "")
	if err != nil {
		return "", invalid(field, field+": "+err.Error())
	}
	if ext != "" || string(n) != text {
		return "", invalid(field, field+" must be in E.164 form, a plus sign and digits only")
	}
	return n, nil
}

// cadenceRef finds the cadence of a request's field of that name, by its id or
// its exact name.
func (a *API) cadenceRef(text string) (*state.Cadence, error) {
	if text == "" {
		return nil, invalid("cadence", "cadence is needed: the id or the exact name of a cadence")
	}
	rows := a.op.Rows()
	if id, err := cadence.ParseID(cadence.KindCadence, text); err == nil {
		row, err := rows.Cadence(id)
		if err == nil && row == nil {
			err = missingCadence()
		}
		return row, err
	}
	var found *state.Cadence
	err := rows.Cadences(func(c *state.Cadence) bool {
		if c.Name == text {
			found = c
		}
		return found == nil
	})
	if err == nil && found == nil {
		err = missingCadence()
	}
	return found, err
}

func missingCadence() error {
	f := notFound("cadence")
	f.Field = "cadence"
	return f
}
