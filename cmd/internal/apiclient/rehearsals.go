package apiclient

import (
	"context"
	"net/url"
	"time"
)

// StaffNumber is a number of the house's own people.
type StaffNumber struct {
	Number     string  `json:"number"`
	Name       string  `json:"name"`
	Verified   bool    `json:"verified"`
	VerifiedAt *string `json:"verified_at"`
	VerifiedBy string  `json:"verified_by"`
	AddedAt    string  `json:"added_at"`
	AddedBy    string  `json:"added_by"`
	CodeUntil  *string `json:"code_until"`
	SpokenCode string  `json:"spoken_code"`
	Calls      int     `json:"calls_24h"`
	CallsMost  int     `json:"calls_24h_most"`
	Rehearsal  *string `json:"rehearsal"`
}

type staffAnswer struct {
	StaffNumber StaffNumber `json:"staff_number"`
}

// StaffNumbers are all numbers of the house's own people.
func (c *Client) StaffNumbers(ctx context.Context) ([]StaffNumber, error) {
	var p struct {
		Items []StaffNumber `json:"items"`
	}
	err := c.Get(ctx, "/v1/staff-numbers", nil, &p)
	return p.Items, err
}

// AddStaffNumber adds one.
func (c *Client) AddStaffNumber(ctx context.Context, number, name string) (StaffNumber, error) {
	var a staffAnswer
	err := c.Post(ctx, "/v1/staff-numbers", map[string]string{"number": number, "name": name}, &a)
	return a.StaffNumber, err
}

// CallStaffNumber lets it be called with a code.
func (c *Client) CallStaffNumber(ctx context.Context, number string) (r Rehearsal, err error) {
	err = c.Post(ctx, staffPath(number)+"/call", nil, &r)
	return r, err
}

// ConfirmStaffNumber repeats the code.
func (c *Client) ConfirmStaffNumber(ctx context.Context, number, code string) (StaffNumber, error) {
	var a staffAnswer
	err := c.Post(ctx, staffPath(number)+"/confirm", map[string]string{"code": code}, &a)
	return a.StaffNumber, err
}

// RemoveStaffNumber removes one.
func (c *Client) RemoveStaffNumber(ctx context.Context, number string) error {
	return c.Delete(ctx, staffPath(number), nil)
}

func staffPath(number string) string { return "/v1/staff-numbers/" + url.PathEscape(number) }

// Rehearsal is one call to a staff number.
type Rehearsal struct {
	ID          string  `json:"id"`
	Kind        string  `json:"kind"`
	State       string  `json:"state"`
	To          string  `json:"to"`
	Name        string  `json:"name"`
	From        string  `json:"from"`
	Cadence     *string `json:"cadence"`
	CadenceName string  `json:"cadence_name"`
	Version     *uint32 `json:"version"`
	Step        string  `json:"step"`
	By          string  `json:"by"`
	At          string  `json:"at"`
	PlacedAt    *string `json:"placed_at"`
	AnsweredAt  *string `json:"answered_at"`
	EndedAt     *string `json:"ended_at"`
	AnsweredBy  string  `json:"answered_by"`
	Played      string  `json:"played"`
	Digits      string  `json:"digits"`
	Contact     bool    `json:"contact"`
	Disposition string  `json:"disposition"`
	Result      string  `json:"result"`
	Reason      string  `json:"reason"`
	TalkSeconds int64   `json:"talk_seconds"`
	CallID      string  `json:"call_id"`
	Note        string  `json:"note"`
	Refused     *struct {
		Rule    string  `json:"rule"`
		Title   string  `json:"title"`
		Unblock string  `json:"unblock"`
		Detail  string  `json:"detail"`
		Until   *string `json:"until"`
	} `json:"refused"`
}

// Over reports whether nothing more happens to it.
func (r *Rehearsal) Over() bool {
	switch r.State {
	case "not_made", "ended", "rejected", "not_placed":
		return true
	}
	return false
}

// Rehearse places one call to a verified staff number, as a step would.
func (c *Client) Rehearse(ctx context.Context, to, cadence, version, step string) (r Rehearsal, err error) {
	body := map[string]string{"to": to, "cadence": cadence, "step": step}
	if version != "" {
		body["version"] = version
	}
	err = c.Post(ctx, "/v1/rehearsals", body, &r)
	return r, err
}

// FollowRehearsal waits for a rehearsal's end, and tells every change of its
// state.
func (c *Client) FollowRehearsal(ctx context.Context, r Rehearsal, tell func(Rehearsal)) (Rehearsal, error) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	tell(r)
	for !r.Over() {
		select {
		case <-ctx.Done():
			return r, ctx.Err()
		case <-tick.C:
		}
		was := r.State
		r = Rehearsal{ID: r.ID}
		if err := c.Get(ctx, "/v1/rehearsals/"+url.PathEscape(r.ID), nil, &r); err != nil {
			return r, err
		}
		if r.State != was {
			tell(r)
		}
	}
	return r, nil
}
