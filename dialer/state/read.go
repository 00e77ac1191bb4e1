package state

import (
	"encoding/binary"
	"fmt"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// Rows reads committed state for queries. It is as safe for concurrent use as
// its reader. A missing row is nil without an error; the rows belong to the
// caller.
type Rows struct{ R ledger.Reader }

// Office reads the office's row; zero before the first fact.
func (q Rows) Office() (Office, error) {
	o, err := readRow[Office](q.R, []byte{tabOffice})
	if o == nil {
		return Office{}, err
	}
	return *o, err
}

// Cadence reads a cadence.
func (q Rows) Cadence(id cadence.ID) (*Cadence, error) {
	return readRow[Cadence](q.R, idKey(tabCadence, id))
}

// Version reads a published version.
func (q Rows) Version(id cadence.ID, n uint32) (*Version, error) {
	return readRow[Version](q.R, versionKey(id, n))
}

// Packs reads a set of rule packs that was ever in force. It fails with
// ledger.ErrDamaged when there is none of this digest.
func (q Rows) Packs(digest event.Packs) (*Packs, error) {
	row, err := readRow[Packs](q.R, packsKey(digest))
	if err == nil && row == nil {
		err = fmt.Errorf("rule packs %x are gone: %w", digest[:6], ledger.ErrDamaged)
	}
	return row, err
}

// Stats reads a cadence's totals of leads; zero when there are none.
func (q Rows) Stats(id cadence.ID) (Stats, error) {
	s, err := readRow[Stats](q.R, idKey(tabStats, id))
	if s == nil {
		return Stats{}, err
	}
	return *s, err
}

// Lead reads a lead.
func (q Rows) Lead(id cadence.ID) (*Lead, error) { return readRow[Lead](q.R, idKey(tabLead, id)) }

// LeadByExternal finds the lead that claimed an external id, zero when none.
// key is made by the engine.
func (q Rows) LeadByExternal(key cadence.ID) (cadence.ID, error) {
	id, err := readRow[claim](q.R, idKey(tabExternal, key))
	if id == nil {
		return cadence.ID{}, err
	}
	return cadence.ID(*id), err
}

// Enrollment reads an enrollment.
func (q Rows) Enrollment(id cadence.ID) (*Enrollment, error) {
	return readRow[Enrollment](q.R, idKey(tabEnrollment, id))
}

// Number reads a number by its token.
func (q Rows) Number(t event.Token) (*Number, error) { return readRow[Number](q.R, numberKey(t)) }

// Attempt reads a closed attempt.
func (q Rows) Attempt(id cadence.ID) (*Attempt, error) {
	return readRow[Attempt](q.R, idKey(tabAttempt, id))
}

// Spend reads the money of a day, a zero row when nothing was spent.
func (q Rows) Spend(day int64) (Spend, error) {
	row, err := readRow[Spend](q.R, spendKey(nil, day))
	if row == nil {
		row = &Spend{}
	}
	return *row, err
}

// CallerID reads the use of one of our numbers.
func (q Rows) CallerID(n cadence.Number) (*CallerID, error) {
	return readRow[CallerID](q.R, textKey(tabCallerID, string(n)))
}

// CallerIDs calls fn for each of our numbers that was ever called from.
func (q Rows) CallerIDs(fn func(cadence.Number, *CallerID) bool) error {
	return eachRow(q.R, tabCallerID, nil, func(k []byte, r *CallerID) bool { return fn(callerOf(k), r) })
}

// List reads a list.
func (q Rows) List(id cadence.ID) (*List, error) { return readRow[List](q.R, idKey(tabList, id)) }

// Import reads an import job.
func (q Rows) Import(id cadence.ID) (*Import, error) {
	return readRow[Import](q.R, idKey(tabImport, id))
}

// Answer reads the kept answer to an idempotent request.
func (q Rows) Answer(key string) (*Answer, error) {
	return readRow[Answer](q.R, textKey(tabAnswer, key))
}

// Cadences calls fn for each cadence in the order of ids until it returns false.
func (q Rows) Cadences(fn func(*Cadence) bool) error {
	return eachRow(q.R, tabCadence, nil, func(_ []byte, r *Cadence) bool { return fn(r) })
}

// Leads calls fn for each lead with an id above after.
func (q Rows) Leads(after cadence.ID, fn func(*Lead) bool) error {
	return eachRow(q.R, tabLead, behind(tabLead, after), func(_ []byte, r *Lead) bool { return fn(r) })
}

// Enrollments calls fn for each enrollment with an id above after.
func (q Rows) Enrollments(after cadence.ID, fn func(cadence.ID, *Enrollment) bool) error {
	return eachRow(q.R, tabEnrollment, behind(tabEnrollment, after), func(k []byte, r *Enrollment) bool {
		return fn(cadence.ID(k[1:]), r)
	})
}

// Lanes calls fn for each lane with its number.
func (q Rows) Lanes(fn func(n uint32, l *Lane) bool) error {
	return eachRow(q.R, tabLane, nil, func(k []byte, r *Lane) bool { return fn(laneOf(k), r) })
}

// DueIn calls fn for what waits in a lane, in the order of the due times
// (Unix ms).
func (q Rows) DueIn(lane uint32, fn func(due int64, enrollment cadence.ID) bool) error {
	from, to := DueKey(lane, 0, cadence.ID{}), DueKey(lane+1, 0, cadence.ID{})
	damaged := false
	err := q.R.Scan(from, to, func(k, v []byte) bool {
		_, due, _, ok := ParseDueKey(k)
		if damaged = !ok || len(v) != 16; damaged {
			return false
		}
		return fn(due, cadence.ID(v))
	})
	if damaged {
		return ledger.ErrDamaged
	}
	return err
}

// DueTimes calls fn for the due of each touch that waits in a lane, the earliest
// first; fn returns false to stop.
func (q Rows) DueTimes(lane uint32, fn func(due int64) bool) error {
	damaged := false
	err := q.R.ScanKeys(DueKey(lane, 0, cadence.ID{}), DueKey(lane+1, 0, cadence.ID{}), func(k []byte) bool {
		_, due, _, ok := ParseDueKey(k)
		damaged = !ok
		return ok && fn(due)
	})
	if damaged {
		return ledger.ErrDamaged
	}
	return err
}

// Lists calls fn for each list.
func (q Rows) Lists(fn func(cadence.ID, *List) bool) error {
	return eachRow(q.R, tabList, nil, func(k []byte, r *List) bool { return fn(cadence.ID(k[1:]), r) })
}

// Imports calls fn for each import job.
func (q Rows) Imports(fn func(*Import) bool) error {
	return eachRow(q.R, tabImport, nil, func(_ []byte, r *Import) bool { return fn(r) })
}

// Rejects calls fn for the refused rows of an import behind a line.
func (q Rows) Rejects(imp cadence.ID, after int64, fn func(*Reject) bool) error {
	from, to := rejectKey(imp, after+1), append(idKey(tabReject, imp), 0xFF)
	return scanRows(q.R, from, to, func(_ []byte, r *Reject) bool { return fn(r) })
}

// DNC calls fn for each number above a token that carries a do-not-call mark of
// any scope.
func (q Rows) DNC(after cadence.ID, fn func(cadence.ID, *Number) bool) error {
	return eachRow(q.R, tabNumber, behind(tabNumber, after), func(k []byte, r *Number) bool {
		return !r.DNC && len(r.Noes) == 0 || fn(cadence.ID(k[1:]), r)
	})
}

// Audits calls fn for audit entries, newest first.
func (q Rows) Audits(fn func(*event.Audited) bool) error {
	return q.newest(tabAudit, func(val []byte) (bool, error) {
		var a event.Audited
		if err := Decode(val, &a); err != nil {
			return false, err
		}
		return fn(&a), nil
	})
}

// Reports calls fn for quarantine reports, newest first.
func (q Rows) Reports(fn func(*event.ReportKept) bool) error {
	return q.newest(tabReport, func(val []byte) (bool, error) {
		var a event.ReportKept
		if err := Decode(val, &a); err != nil {
			return false, err
		}
		return fn(&a), nil
	})
}

func (q Rows) newest(tab byte, fn func(val []byte) (bool, error)) error {
	from, to := prefix(tab)
	var failed error
	err := q.R.ScanBack(from, to, func(_, val []byte) bool {
		more, err := fn(val)
		failed = err
		return more && err == nil
	})
	if err != nil {
		return err
	}
	return failed
}

// AttemptsOfLead calls fn for a lead's closed attempts, newest first, begun
// before (Unix ms; 0: now). below, when set, continues behind that attempt at
// before.
func (q Rows) AttemptsOfLead(lead cadence.ID, before int64, below cadence.ID, fn func(cadence.ID, *Attempt) bool) error {
	from, to := idKey(tabByLead, lead), append(idKey(tabByLead, lead), 0xFF)
	if before > 0 {
		to = append(binary.BigEndian.AppendUint64(idKey(tabByLead, lead), uint64(before)), below[:]...)
	}
	return q.byIndex(from, to, fn)
}

// AttemptsBetween calls fn for closed attempts begun in [from, to), newest
// first. below, when set, continues behind that attempt at to.
func (q Rows) AttemptsBetween(from, to int64, below cadence.ID, fn func(cadence.ID, *Attempt) bool) error {
	lo, hi := byTimeKey(from, cadence.ID{}), byTimeKey(to, cadence.ID{})
	if !below.IsZero() {
		hi = byTimeKey(to, below)
	}
	return q.byIndex(lo, hi, fn)
}

func (q Rows) byIndex(from, to []byte, fn func(cadence.ID, *Attempt) bool) error {
	var failed error
	err := q.R.ScanBack(from, to, func(k, _ []byte) bool {
		id := cadence.ID(k[len(k)-16:])
		a, err := q.Attempt(id)
		if err == nil && a == nil {
			err = fmt.Errorf("attempt %s is indexed but gone: %w", id.Bare(), ledger.ErrDamaged)
		}
		if err != nil {
			failed = err
			return false
		}
		return fn(id, a)
	})
	if err != nil {
		return err
	}
	return failed
}

// Revisions calls fn for the revisions of a closed attempt, oldest first.
func (q Rows) Revisions(id cadence.ID, fn func(*Revision) bool) error {
	return scanRows(q.R, idKey(tabRevision, id), append(idKey(tabRevision, id), 0xFF, 0xFF, 0xFF), func(_ []byte, r *Revision) bool { return fn(r) })
}

// Buckets calls fn for the counters of [from, to), Unix ms, both on a quarter
// of an hour. to ≤ 0 means without end.
func (q Rows) Buckets(from, to int64, fn func(at int64, id cadence.ID, c *Counts) bool) error {
	lo, hi := bucketKey(max(from, 0), cadence.ID{}), []byte{tabBucket + 1}
	if to > 0 {
		hi = bucketKey(to+BucketMs-1, cadence.ID{})
	}
	return scanRows(q.R, lo, hi, func(k []byte, c *Counts) bool {
		return fn(int64(binary.BigEndian.Uint32(k[1:5]))*BucketMs, cadence.ID(k[5:]), c)
	})
}

func behind(tab byte, after cadence.ID) []byte {
	if after.IsZero() {
		return nil
	}
	return append(idKey(tab, after), 0)
}

// eachOfToken calls fn for the rows of a table whose ids live in a number's
// slot: where all are that were made for the number, among one in 4096 of all.
func eachOfToken[R any](r ledger.Reader, tab byte, t event.Token, fn func(id cadence.ID, row *R) bool) error {
	from := binary.BigEndian.AppendUint16([]byte{tab}, t.Slot())
	to := binary.BigEndian.AppendUint16([]byte{tab}, t.Slot()+1)
	return scanRows(r, from, to, func(k []byte, row *R) bool { return fn(cadence.ID(k[1:]), row) })
}

func eachRow[R any](r ledger.Reader, tab byte, start []byte, fn func(key []byte, row *R) bool) error {
	from, to := prefix(tab)
	if start != nil {
		from = start
	}
	return scanRows(r, from, to, fn)
}

func scanRows[R any](r ledger.Reader, from, to []byte, fn func(key []byte, row *R) bool) error {
	var failed error
	err := r.Scan(from, to, func(k, val []byte) bool {
		row := new(R)
		if failed = Decode(val, row); failed != nil {
			return false
		}
		return fn(k, row)
	})
	if err != nil {
		return err
	}
	return failed
}

// LastCall is when the newest closed attempt of a lead began (Unix ms), 0 when
// there is none. It reads one key.
func (q Rows) LastCall(lead cadence.ID) (at int64, err error) {
	from := idKey(tabByLead, lead)
	err = q.R.ScanBack(from, append(idKey(tabByLead, lead), 0xFF), func(k, _ []byte) bool {
		at = int64(binary.BigEndian.Uint64(k[len(from):]))
		return false
	})
	return at, err
}
