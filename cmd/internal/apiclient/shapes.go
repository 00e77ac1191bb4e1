package apiclient

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"
)

// Cadence is what the command line shows of a cadence.
type Cadence struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Status      string    `json:"status"`
	Version     int       `json:"version"`
	Publishable bool      `json:"publishable"`
	Problems    []Problem `json:"problems"`
}

// Media is a stored recording. ID is how a document names it.
type Media struct {
	ID         string  `json:"id"`
	Hash       string  `json:"hash"`
	Name       string  `json:"name"`
	Encoding   string  `json:"encoding"`
	SampleRate int     `json:"sample_rate"`
	Bytes      int64   `json:"bytes"`
	Seconds    float64 `json:"seconds"`
	RMS        float64 `json:"rms_db"`
	Damaged    string  `json:"damaged"`
}

// Missing is something a document asks for that the server lacks.
type Missing struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	Path string `json:"path"`
}

// ImportedCadence is one new draft.
type ImportedCadence struct {
	Cadence     Cadence   `json:"cadence"`
	RenamedFrom *string   `json:"renamed_from"`
	Missing     []Missing `json:"missing"`
}

// Import is the progress of an import of leads.
type Import struct {
	ID        string `json:"id"`
	List      string `json:"list"`
	State     string `json:"state"`
	Rows      int64  `json:"rows"`
	Accepted  int64  `json:"accepted"`
	Rejected  int64  `json:"rejected"`
	ErrorsURL string `json:"errors_url"`
	Created   int64  `json:"created"`
	Updated   int64  `json:"updated"`
	Skipped   int64  `json:"skipped"`
	Enrolled  int64  `json:"enrolled"`
	Message   string `json:"message"`
	Removed   int64  `json:"removed"`
	Kept      []Kept `json:"kept"`
}

// RowError is a row that was rejected.
type RowError struct {
	Line    int64  `json:"line"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Figures are the ones of the overview.
type Figures struct {
	AsOf            time.Time `json:"as_of"`
	TotalCadences   int       `json:"total_cadences"`
	Attempts        int64     `json:"attempts"`
	Completed       int64     `json:"completed"`
	Contacts        int64     `json:"contacts"`
	Conversions     int64     `json:"conversions"`
	CallsInProgress int64     `json:"calls_in_progress"`
	Pending         int64     `json:"pending"`
	Ready           int64     `json:"ready"`
	Dialing         struct {
		On      bool   `json:"on"`
		Reason  string `json:"reason"`
		Message string `json:"message"`
	} `json:"dialing"`
}

// page is a page of a list.
type page[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

// All reads every page of a list, up to most items.
func All[T any](ctx context.Context, c *Client, path string, query url.Values, most int) ([]T, error) {
	q := url.Values{}
	maps.Copy(q, query)
	var all []T
	for {
		var p page[T]
		if err := c.Get(ctx, path, q, &p); err != nil {
			return nil, err
		}
		all = append(all, p.Items...)
		if p.Next == nil || len(all) >= most {
			return all, nil
		}
		q.Set("cursor", *p.Next)
	}
}

// Overview reads the figures of all time.
func (c *Client) Overview(ctx context.Context) (f Figures, err error) {
	return f, c.Get(ctx, "/v1/overview", nil, &f)
}

// Report reads the same of the calls that are over, as reports count them.
func (c *Client) Report(ctx context.Context) (f Figures, err error) {
	return f, c.Get(ctx, "/v1/reports/calls", url.Values{"from": {"1970-01-02"}}, &f)
}

// maxCadences is how many cadences are looked through for a name.
const maxCadences = 10_000

// FindCadence finds a cadence by id or exact name.
func (c *Client) FindCadence(ctx context.Context, ref string) (Cadence, error) {
	if strings.HasPrefix(ref, "cd_") {
		var one Cadence
		if err := c.Get(ctx, "/v1/cadences/"+url.PathEscape(ref), nil, &one); err == nil {
			return one, nil
		}
	}
	all, err := All[Cadence](ctx, c, "/v1/cadences", url.Values{"q": {ref}}, maxCadences)
	if err != nil {
		return Cadence{}, err
	}
	for _, one := range all {
		if one.Name == ref {
			return one, nil
		}
	}
	return Cadence{}, fmt.Errorf("there is no cadence named %q", ref)
}

// ImportCadences sends a document or a bundle.
func (c *Client) ImportCadences(ctx context.Context, document []byte) ([]ImportedCadence, error) {
	var answer struct {
		Items []ImportedCadence `json:"items"`
	}
	return answer.Items, c.postRaw(ctx, "/v1/cadences/import", document, &answer)
}

// Act posts one of a cadence's verbs: publish, activate, deactivate, archive.
func (c *Client) Act(ctx context.Context, cadenceID, verb string) (one Cadence, err error) {
	return one, c.PostMany(ctx, "/v1/cadences/"+url.PathEscape(cadenceID)+"/"+verb, nil, &one)
}
