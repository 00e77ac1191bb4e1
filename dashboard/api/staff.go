package api

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// staffItem is a number of the house's own people. SpokenCode is told in the
// demo only, where no telephone rings and nobody hears it.
type staffItem struct {
	Number     cadence.Number `json:"number"`
	Name       string         `json:"name"`
	Verified   bool           `json:"verified"`
	VerifiedAt *string        `json:"verified_at"`
	VerifiedBy string         `json:"verified_by"`
	AddedAt    string         `json:"added_at"`
	AddedBy    string         `json:"added_by"`
	CodeUntil  *string        `json:"code_until"`
	SpokenCode string         `json:"spoken_code"`
	Calls      int            `json:"calls_24h"`
	CallsMost  int            `json:"calls_24h_most"`
	Rehearsal  *string        `json:"rehearsal"`
}

type staffAnswer struct {
	AsOf        string    `json:"as_of"`
	StaffNumber staffItem `json:"staff_number"`
}

func (a *API) staffOf(s *state.Staff) staffItem {
	now := a.op.Now().UnixMilli()
	it := staffItem{
		Number: s.Number, Name: s.Name, Verified: s.VerifiedAt != 0, VerifiedAt: maybe(s.VerifiedAt), VerifiedBy: s.VerifiedBy,
		AddedAt: at(s.AddedAt), AddedBy: s.AddedBy, CallsMost: dialer.RehearsalsPerDay, Rehearsal: maybeID(cadence.KindRehearsal, s.Open),
	}
	if !it.Verified {
		it.CallsMost = dialer.VerificationsPerDay
	}
	if s.Code != "" && now <= s.CodeUntil && s.Misses < dialer.MaxMisses {
		it.CodeUntil = maybe(s.CodeUntil)
		if a.demo != nil {
			it.SpokenCode = s.Code
		}
	}
	for _, t := range s.Calls {
		if t > now-(24*time.Hour).Milliseconds() {
			it.Calls++
		}
	}
	return it
}

// listStaff lists all staff numbers, by name.
func (a *API) listStaff(*request) (answer, error) {
	out := datedPage[staffItem]{AsOf: a.asOf(), Items: []staffItem{}}
	err := a.op.Rows().EachStaff(func(s *state.Staff) bool { out.Items = append(out.Items, a.staffOf(s)); return true })
	if err != nil {
		return answer{}, err
	}
	slices.SortFunc(out.Items, func(x, y staffItem) int {
		return cmp.Or(strings.Compare(x.Name, y.Name), cmp.Compare(x.Number, y.Number))
	})
	return ok(out)
}

type staffRequest struct {
	Number string `json:"number"`
	Name   string `json:"name"`
}

// addStaff adds a number, which is not called to rehearse until it is verified.
func (a *API) addStaff(ctx context.Context, r *request) (answer, error) {
	var in staffRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	m := &dialer.AddStaff{Name: strings.TrimSpace(in.Name)}
	var err error
	if m.Number, err = number("number", in.Number); err != nil {
		return answer{}, err
	}
	if m.By, err = author(r, ""); err != nil {
		return answer{}, err
	}
	a.staffing.Lock() // their count is checked and one added as one step
	defer a.staffing.Unlock()
	n := 0
	if err := a.op.Rows().EachStaff(func(*state.Staff) bool { n++; return true }); err != nil {
		return answer{}, err
	}
	if n >= dialer.MaxStaff {
		return answer{}, NewFault(dialer.CodeConflict, "number", fmt.Sprintf("there are %d staff numbers already; remove one first", n))
	}
	r.note(m.Number.Masked() + ", " + m.Name)
	if err := a.command(ctx, m); err != nil {
		return answer{}, err
	}
	return a.staffNow(http.StatusCreated, m.Number)
}

func (a *API) staffNow(status int, n cadence.Number) (answer, error) {
	s, err := a.op.Rows().Staff(a.op.Token(n))
	if err == nil && s == nil {
		f := notFound("staff number")
		f.Field = "number"
		err = f
	}
	if err != nil {
		return answer{}, err
	}
	return answer{status: status, body: staffAnswer{a.asOf(), a.staffOf(s)}}, nil
}

func (a *API) removeStaff(ctx context.Context, r *request) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	n, err := number("number", r.param("number"))
	if err != nil {
		return answer{}, err
	}
	m := &dialer.RemoveStaff{Number: n}
	if m.By, err = author(r, ""); err != nil {
		return answer{}, err
	}
	r.note(n.Masked())
	if err := a.command(ctx, m); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, nil
}

// callStaff lets the number be called with a code.
func (a *API) callStaff(ctx context.Context, r *request) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	n, err := number("number", r.param("number"))
	if err != nil {
		return answer{}, err
	}
	m := &dialer.VerifyStaff{ID: a.rehearsalID(r, n), Number: n}
	if m.By, err = author(r, ""); err != nil {
		return answer{}, err
	}
	if m.Code, err = drawCode(); err != nil {
		return answer{}, err
	}
	r.note(n.Masked())
	return a.place(ctx, m, m.ID)
}

// drawCode draws a code that nobody can foresee.
func drawCode() (string, error) {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(dialer.CodeDigits), nil)
	n, err := rand.Int(rand.Reader, most)
	if err != nil {
		return "", fmt.Errorf("draw a code: %w", err)
	}
	return fmt.Sprintf("%0*d", dialer.CodeDigits, n), nil
}

type codeRequest struct {
	Code string `json:"code"`
}

func (a *API) confirmStaff(ctx context.Context, r *request) (answer, error) {
	var in codeRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	n, err := number("number", r.param("number"))
	if err != nil {
		return answer{}, err
	}
	m := &dialer.ConfirmStaff{Number: n, Code: strings.Join(strings.Fields(in.Code), "")}
	if m.By, err = author(r, ""); err != nil {
		return answer{}, err
	}
	r.note(n.Masked())
	ctx, cancel := context.WithTimeout(ctx, doFor)
	defer cancel()
	reply, err := a.op.Do(ctx, m)
	if err != nil {
		return answer{}, err
	}
	if right, _ := reply.(bool); !right {
		return answer{}, invalid("code", fmt.Sprintf("that is not the code the call has spoken; after %d wrong ones it takes a new call", dialer.MaxMisses))
	}
	return a.staffNow(http.StatusOK, n)
}
