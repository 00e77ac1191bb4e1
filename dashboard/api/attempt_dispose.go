package api

import (
	"context"
	"net/http"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
)

type dispositionRequest struct {
	Code       string            `json:"code"`
	Variables  map[string]string `json:"variables"`
	Note       string            `json:"note"`
	CallbackAt string            `json:"callback_at"`
}

// disposeAttempt is the only way in for what happens after the answer.
func (a *API) disposeAttempt(ctx context.Context, r *request) (answer, error) {
	id, err := r.id(cadence.KindAttempt)
	if err != nil {
		return answer{}, err
	}
	var in dispositionRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	m := &dialer.Dispose{Attempt: id, Code: cadence.DispositionCode(in.Code), Variables: in.Variables, Note: in.Note}
	if m.By, err = author(r, ""); err != nil {
		return answer{}, err
	}
	switch {
	case in.Code == "" || len(in.Code) > 64:
		return answer{}, invalid("code", "code is needed: a disposition code or an alias of one")
	case len(in.Note) > cadence.MaxFieldBytes:
		return answer{}, invalid("note", "note is longer than 8192 bytes")
	case len(in.Variables) > cadence.MaxLeadFields:
		return answer{}, invalid("variables", "variables has more than 200 members")
	}
	for k, v := range in.Variables {
		if len(k) > 256 || len(v) > cadence.MaxFieldBytes {
			return answer{}, invalid("variables."+k, "a variable's name has at most 256 bytes, its value 8192")
		}
	}
	if in.CallbackAt != "" {
		if m.CallbackAt, err = instant("callback_at", in.CallbackAt); err != nil {
			return answer{}, err
		}
	}
	if err := a.command(ctx, m); err != nil {
		return answer{}, err
	}
	d, err := a.attempt(id)
	return answer{status: http.StatusOK, body: d}, err
}
