package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dashboard/access"
	"github.com/carillon-dialer/carillon/dashboard/signin"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/state"
)

type keyItem struct {
	ID        string         `json:"id"`
	Name      string         `json:"name"`
	Grants    []access.Grant `json:"grants"`
	CreatedBy string         `json:"created_by"`
	CreatedAt string         `json:"created_at"`
	ExpiresAt *string        `json:"expires_at"`
	SeenAt    *string        `json:"seen_at"`
	RevokedAt *string        `json:"revoked_at"`
}

func keyOf(k *state.Key) keyItem {
	return keyItem{
		ID: k.ID.Text(cadence.KindKey), Name: k.Name, Grants: signin.GrantsOf(access.Custom, k.Grants).List(), CreatedBy: k.By,
		CreatedAt: at(k.At), ExpiresAt: maybe(k.Until), SeenAt: maybe(k.SeenAt), RevokedAt: maybe(k.RevokedAt),
	}
}

// listKeys lists all API keys, the newest first; there are at most
// dialer.MaxKeys.
func (a *API) listKeys(*request) (answer, error) {
	out := page[keyItem]{Items: []keyItem{}}
	if err := a.op.Rows().Keys(func(k *state.Key) bool { out.Items = append(out.Items, keyOf(k)); return true }); err != nil {
		return answer{}, err
	}
	slices.SortStableFunc(out.Items, func(x, y keyItem) int { return strings.Compare(y.CreatedAt, x.CreatedAt) })
	return ok(out)
}

type keyRequest struct {
	Name      string   `json:"name"`
	Grants    []string `json:"grants"`
	ExpiresAt string   `json:"expires_at"`
}

type keyAnswer struct {
	Key   keyItem `json:"key"`
	Token string  `json:"token"`
}

// createKey makes an API key and shows its token, this once.
func (a *API) createKey(ctx context.Context, r *request) (answer, error) {
	var in keyRequest
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	name := strings.TrimSpace(in.Name)
	if name == "" || len(name) > 200 {
		return answer{}, invalid("name", "name is needed, 200 bytes at most: what the key is for")
	}
	w := r.caller()
	if err := given(w, string(access.Custom), in.Grants); err != nil {
		if f, isFault := err.(*Fault); isFault && f.Field == "role" { //nolint:errorlint // given makes it just now
			f.Field = "grants"
		}
		return answer{}, err
	}
	var until int64
	if in.ExpiresAt != "" {
		var err error
		if until, err = instant("expires_at", in.ExpiresAt); err != nil {
			return answer{}, err
		}
		if until <= a.gate.Now().UnixMilli() {
			return answer{}, invalid("expires_at", "expires_at is in the past")
		}
	}
	ctx, cancel := context.WithTimeout(ctx, doFor)
	defer cancel()
	token, id, err := a.gate.CreateKey(ctx, name, in.Grants, until, w.Author())
	if err != nil {
		return answer{}, err
	}
	k, err := a.op.Rows().Key(id)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusCreated, body: keyAnswer{keyOf(k), token}}, nil
}

func (a *API) revokeKey(ctx context.Context, r *request) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	id, err := r.id(cadence.KindKey)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, a.command(ctx, &dialer.RevokeKey{ID: id, At: a.gate.Now().UnixMilli(), By: r.caller().Author()})
}
