package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"

	"github.com/cloudwego/hertz/pkg/app"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

const (
	detailKey    = "carillon.detail"
	undecidedKey = "carillon.undecided"
)

// undecided is what the log tells of a request that was answered before it was
// known whether it is done: it stands in line, and so does this entry, behind it.
const undecided = "answered before it was known whether it was done"

// note is what the audit log tells of this request besides who, what and which.
func (r *request) note(detail string) { r.c.Set(detailKey, detail) }

// Deed carries a request out by next and keeps in the audit log who did what,
// before it is answered. What was refused, and a repeat that changed nothing,
// is not kept; what may still happen is, and says so. Of a target that stands in the path the log keeps the SHA-256 of
// its row before and after.
func (a *API) Deed(ctx context.Context, c *app.RequestContext, rule *access.Rule, next func()) {
	target := c.Param("id")
	if target == "" {
		target = c.Param("hash")
	}
	before := a.fingerprint(target)
	next()
	_, open := c.Get(undecidedKey)
	if !open && c.Response.StatusCode() >= 300 || len(c.Response.Header.Peek("Idempotency-Replayed")) > 0 {
		return
	}
	if target == "" {
		target = made(c.Response.Body())
	}
	detail, _ := c.Value(detailKey).(string)
	if open {
		detail = strings.TrimSuffix(undecided+": "+detail, ": ")
	}
	wait := doFor
	if open { // nobody waits once more
		wait = 0
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), wait)
	defer cancel()
	m := &dialer.Audit{What: rule.What, Detail: detail, Target: target, By: CallerOf(c).Author(), Before: before, After: a.fingerprint(target)}
	if _, err := a.op.Do(ctx, m); err != nil && (!open || !errors.Is(err, context.DeadlineExceeded)) {
		a.log.Error("a deed was done and could not be kept in the audit log",
			zap.String("what", rule.What), zap.String("who", m.By.Who), zap.String("target", target), zap.Error(err))
	}
}

// made is the id of what an answer says was made, "" when it says none.
func made(body []byte) string {
	const most = 64 << 10
	var said struct {
		ID     string `json:"id"`
		Hash   string `json:"hash"`
		Import struct {
			ID string `json:"id"`
		} `json:"import"`
	}
	if len(body) > most || json.Unmarshal(body, &said) != nil {
		return ""
	}
	return said.ID + said.Hash + said.Import.ID
}

// fingerprint is the SHA-256 of the row that an id names, nil where there is
// none.
func (a *API) fingerprint(id string) []byte {
	row, err := a.rowOf(id)
	if row == nil || err != nil {
		return nil
	}
	sum := sha256.Sum256(row.AppendCBOR(nil))
	return sum[:]
}

func (a *API) rowOf(id string) (state.Row, error) {
	kind, _, _ := strings.Cut(id, "_")
	parsed, err := cadence.ParseID(cadence.Kind(kind), id)
	if err != nil {
		return nil, err
	}
	rows := a.op.Rows()
	switch cadence.Kind(kind) {
	case cadence.KindCadence:
		return present(rows.Cadence(parsed))
	case cadence.KindLead:
		return present(rows.Lead(parsed))
	case cadence.KindEnrollment:
		return present(rows.Enrollment(parsed))
	case cadence.KindList:
		return present(rows.List(parsed))
	case cadence.KindView:
		return present(rows.SavedView(parsed))
	default: // its own turn keeps what it was
		return nil, nil
	}
}

// present is a row, or a nil that says so.
func present[R any, P interface {
	*R
	state.Row
}](row P, err error) (state.Row, error) {
	if row == nil || err != nil {
		return nil, err
	}
	return row, nil
}
