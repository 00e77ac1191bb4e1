package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"
	"strconv"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// rehearsalItem is one call to a staff number: a step as it would be called, or
// a code. It stands in no list of attempts and in no figure.
type rehearsalItem struct {
	ID          string           `json:"id"`
	Kind        string           `json:"kind"`
	State       string           `json:"state"`
	To          cadence.Number   `json:"to"`
	Name        string           `json:"name"`
	From        cadence.Number   `json:"from"`
	Cadence     *string          `json:"cadence"`
	CadenceName string           `json:"cadence_name"`
	Version     *uint32          `json:"version"`
	Step        string           `json:"step"`
	By          string           `json:"by"`
	At          string           `json:"at"`
	ExpiresAt   string           `json:"expires_at"`
	PlacedAt    *string          `json:"placed_at"`
	AnsweredAt  *string          `json:"answered_at"`
	EndedAt     *string          `json:"ended_at"`
	AnsweredBy  string           `json:"answered_by"`
	Played      string           `json:"played"`
	Digits      string           `json:"digits"`
	Contact     bool             `json:"contact"`
	Disposition string           `json:"disposition"`
	Result      string           `json:"result"`
	Reason      string           `json:"reason"`
	TalkSeconds int64            `json:"talk_seconds"`
	CallID      string           `json:"call_id"`
	Note        string           `json:"note"`
	Voicemail   *voicemailItem   `json:"voicemail"`
	Refused     *rehearsalRefuse `json:"refused"`
}

// rehearsalRefuse is why no call was placed.
type rehearsalRefuse struct {
	Rule    string  `json:"rule"`
	Title   string  `json:"title"`
	Unblock string  `json:"unblock"`
	Detail  string  `json:"detail"`
	Until   *string `json:"until"`
}

// rehearsalDetail adds the permit it was placed by, and its story.
type rehearsalDetail struct {
	rehearsalItem
	AsOf    string        `json:"as_of"`
	Verdict *verdictItem  `json:"verdict"`
	Story   []loggedEvent `json:"story"`
}

const partRehearsals = "rehearsals"

// listRehearsals lists rehearsals, newest first.
func (a *API) listRehearsals(r *request) (answer, error) {
	limit, err := r.limit()
	if err != nil {
		return answer{}, err
	}
	from, set, err := r.place()
	if err != nil {
		return answer{}, err
	}
	if set && from.part != partRehearsals {
		return answer{}, badCursor()
	}
	out := datedPage[rehearsalItem]{AsOf: a.asOf(), Items: []rehearsalItem{}}
	n := newNames(a.op.Rows())
	var last place
	var failed error
	err = n.rows.Rehearsals(from.at, from.id, func(id cadence.ID, row *state.Rehearsal) bool {
		if len(out.Items) >= limit {
			next := last.text()
			out.Next = &next
			return false
		}
		var it rehearsalItem
		if it, _, failed = a.rehearsalOf(n, id, row); failed != nil {
			return false
		}
		out.Items, last = append(out.Items, it), place{partRehearsals, row.At, id}
		return true
	})
	if err = errors.Join(err, failed); err != nil {
		return answer{}, err
	}
	return ok(out)
}

func (a *API) getRehearsal(r *request) (answer, error) {
	id, err := r.id(cadence.KindRehearsal)
	if err != nil {
		return answer{}, err
	}
	d, err := a.rehearsal(id)
	if err != nil {
		return answer{}, err
	}
	return ok(d)
}

func (a *API) rehearsal(id cadence.ID) (*rehearsalDetail, error) {
	n := newNames(a.op.Rows())
	row, err := n.rows.Rehearsal(id)
	if err == nil && row == nil {
		err = notFound("rehearsal")
	}
	if err != nil {
		return nil, err
	}
	d := &rehearsalDetail{AsOf: a.asOf(), Story: []loggedEvent{}}
	with, err := a.rehearsalWithPermit(n, id, row)
	if err != nil {
		return nil, err
	}
	d.rehearsalItem, d.Verdict = with.rehearsalItem, with.Verdict
	if !row.Attempt.IsZero() {
		kept, err := a.op.AttemptLog(row.Attempt, row.At, row.EndedAt)
		if err != nil {
			return nil, err
		}
		d.Story = logged(kept.Facts)
	}
	return d, nil
}

// rehearsalWithPermit adds the permit a rehearsal was placed by, judged again.
func (a *API) rehearsalWithPermit(n *names, id cadence.ID, row *state.Rehearsal) (one dossierRehearsal, err error) {
	var attempt *state.Attempt
	if one.rehearsalItem, attempt, err = a.rehearsalOf(n, id, row); err != nil || attempt == nil {
		return one, err
	}
	replayed, err := a.op.Replay(attempt)
	if err != nil && !errors.Is(err, dialer.ErrNoVerdict) {
		return one, err
	}
	v := verdictShown(&replayed)
	one.Verdict = &v
	return one, nil
}

// rehearsalOf shows a rehearsal with what became of its attempt, which is nil
// when none was placed, or it was taken back.
func (a *API) rehearsalOf(n *names, id cadence.ID, row *state.Rehearsal) (it rehearsalItem, x *state.Attempt, err error) {
	it = rehearsalItem{
		ID: id.Text(cadence.KindRehearsal), Kind: "step", State: "waiting", Cadence: maybeID(cadence.KindCadence, row.Cadence), Step: row.StepKey,
		By: row.By, At: at(row.At), ExpiresAt: at(row.Expires), EndedAt: maybe(row.EndedAt),
	}
	if row.Version != 0 {
		it.Version = &row.Version
	}
	if row.Cadence.IsZero() {
		it.Kind, it.Step = "code", ""
	} else if it.CadenceName, err = n.cadence(row.Cadence); err != nil {
		return it, nil, err
	}
	if err := a.rehearsedTo(n.rows, row.Token, &it); err != nil {
		return it, nil, err
	}
	if row.State == state.RehearsalNotMade {
		it.State, it.Refused = "not_made", a.whyRefused(row)
		return it, nil, nil
	}
	if row.State == state.RehearsalWaiting {
		return it, nil, nil
	}
	open, err := n.rows.Open(row.Attempt)
	if err != nil {
		return it, nil, err
	}
	if open != nil {
		x = openAsClosed(open)
	} else if x, err = n.rows.Attempt(row.Attempt); err != nil || x == nil { // taken back between the reads
		return it, nil, err
	}
	it.callOf(x)
	return it, x, nil
}

// callOf adds what is known of the call.
func (it *rehearsalItem) callOf(x *state.Attempt) {
	it.State = x.State.String()
	it.From, it.PlacedAt, it.AnsweredAt = x.From, maybe(x.PlacedAt), maybe(x.AnsweredAt)
	it.AnsweredBy, it.Played, it.Digits, it.Contact = string(x.AnsweredBy), x.Script, x.Digits, x.Contact
	it.Disposition, it.Result, it.Reason, it.TalkSeconds = string(x.Code), string(x.Result), x.Reason, talked(x)/1000
	it.CallID, it.Note, it.Voicemail = x.CallID, x.Note, voicemailOf(x.Drop)
}

// rehearsedTo tells the number and who answers there; a removed one has no name
// any more.
func (a *API) rehearsedTo(rows state.Rows, t event.Token, it *rehearsalItem) error {
	s, err := rows.Staff(t)
	if err != nil || s != nil {
		if s != nil {
			it.To, it.Name = s.Number, s.Name
		}
		return err
	}
	n, err := rows.Number(t)
	if n != nil {
		it.To = n.Number
	}
	return err
}

func (a *API) whyRefused(row *state.Rehearsal) *rehearsalRefuse {
	why := &rehearsalRefuse{Rule: row.Rule, Detail: row.Detail, Until: maybe(row.Until)}
	set, err := a.op.Packs()
	if err != nil {
		set = nil // the rules of the house have their texts without it
	}
	if info, known := dialer.RuleInfo(set, row.Rule); known {
		why.Title, why.Unblock = info.Title, info.Unblock
	}
	return why
}

type rehearsalRequest struct {
	To      string `json:"to"`
	Cadence string `json:"cadence"`
	Version string `json:"version"`
	Step    string `json:"step"`
}

// rehearse calls a staff number as a step would.
func (a *API) rehearse(ctx context.Context, r *request) (answer, error) {
	var in rehearsalRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	n, err := number("to", in.To)
	if err != nil {
		return answer{}, err
	}
	row, err := a.cadenceRef(in.Cadence)
	if err != nil {
		return answer{}, err
	}
	m := &dialer.Rehearse{ID: a.rehearsalID(r, n), Number: n, Cadence: row.ID}
	if m.Draft, m.Version, err = rehearsedVersion(in.Version); err != nil {
		return answer{}, err
	}
	if m.Step = in.Step; m.Step == "" || len(m.Step) > 64 {
		return answer{}, invalid("step", "step is needed: the key of a step, or its place from 1")
	}
	if m.By, err = author(r, ""); err != nil {
		return answer{}, err
	}
	r.note(n.Masked() + ", " + row.Name + ", " + m.Step)
	return a.place(ctx, m, m.ID)
}

// rehearsedVersion reads which document: "draft", a version, or the newest
// published one for nothing.
func rehearsedVersion(text string) (draft bool, version uint32, err error) {
	switch text {
	case "draft":
		return true, 0, nil
	case "":
		return false, 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n == 0 {
		return false, 0, invalid("version", `version must be "draft" or the number of a version`)
	}
	return false, uint32(n), nil
}

// place asks for the call, and answers once that is durable. Whether and when
// it is placed its own turn decides; where dialing is off it is refused here.
func (a *API) place(ctx context.Context, m dialer.Message, id cadence.ID) (answer, error) {
	if s := a.op.Status(); s.Doubt.Reason != "" {
		return answer{}, NewFault(dialer.CodeConflict, "", "nothing is dialed now: "+dialer.GateText(s.Doubt.Reason))
	}
	if err := a.command(ctx, m); err != nil {
		return answer{}, err
	}
	d, err := a.rehearsal(id)
	return answer{status: http.StatusCreated, body: d}, err
}

// rehearsalID is drawn, or, with an Idempotency-Key, made of the request: so
// that a repeat leads to no second call, also when the process died before the
// first one was answered.
func (a *API) rehearsalID(r *request, n cadence.Number) cadence.ID {
	var rest [14]byte
	if key := r.header("Idempotency-Key"); key != "" {
		sum := sha256.Sum256(append(requestHash(r.c, r.body), key...))
		copy(rest[:], sum[:])
	} else if _, err := rand.Read(rest[:]); err != nil {
		panic("BUG: crypto/rand fails: " + err.Error())
	}
	return cadence.NewID(a.op.Token(n).Slot(), rest)
}
