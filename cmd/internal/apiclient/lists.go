package apiclient

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// LeadList is a list of leads with its settings and figures.
type LeadList struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	Import        string `json:"import"`
	ImportState   string `json:"import_state"`
	Leads         int64  `json:"leads"`
	Paused        bool   `json:"paused"`
	Priority      int    `json:"priority"`
	Release       int64  `json:"release_per_day"`
	ReleasedToday int64  `json:"released_today"`
	Attempted     int64  `json:"attempted"`
	Contacted     int64  `json:"contacted"`
	Converted     int64  `json:"converted"`
	Exhausted     int64  `json:"exhausted"`
	Blocked       int64  `json:"blocked"`
	Callable      *int64 `json:"callable_today"`
}

// maxLists is how many lists are looked through for a name.
const maxLists = 10_000

// FindList finds a list by id or exact name. A name that several have is an
// error: it does not say which is meant.
func (c *Client) FindList(ctx context.Context, ref string) (LeadList, error) {
	all, err := All[LeadList](ctx, c, "/v1/lists", url.Values{"limit": {"1000"}}, maxLists)
	if err != nil {
		return LeadList{}, err
	}
	var found []LeadList
	for _, l := range all {
		if l.ID == ref || l.Name == ref {
			found = append(found, l)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return LeadList{}, fmt.Errorf("there is no list named %q", ref)
	}
	return LeadList{}, fmt.Errorf("%d lists are named %q; name one by its id, such as %s", len(found), ref, found[0].ID)
}

// SetList changes a list's settings.
func (c *Client) SetList(ctx context.Context, id string, change map[string]any) (l LeadList, err error) {
	body, err := json.Marshal(change)
	if err != nil {
		return l, err
	}
	ctx, cancel := context.WithTimeout(ctx, oneLimit)
	defer cancel()
	return l, c.do(ctx, http.MethodPatch, "/v1/lists/"+url.PathEscape(id), "application/json", bytes.NewReader(body), &l)
}
