package apiclient

import (
	"context"
	"net/url"
	"time"
)

// Interval is where a share lies.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// CallerHealth are the figures a number is judged by.
type CallerHealth struct {
	Days           int      `json:"days"`
	Attempts       int64    `json:"attempts"`
	Answered       int64    `json:"answered"`
	Contacts       int64    `json:"contacts"`
	AnswerRate     *float64 `json:"answer_rate"`
	AnswerInterval Interval `json:"answer_interval"`
	ShortCalls     int64    `json:"short_calls"`
	ShortRatio     *float64 `json:"short_ratio"`
	NeighbourCalls int64    `json:"neighbour_calls"`
	NeighbourRatio *float64 `json:"neighbour_ratio"`
	Enough         bool     `json:"enough"`
	Confidence     float64  `json:"confidence"`
	Well           bool     `json:"well"`
}

// CallerPool is a pool of a number, with the figures of the others in it.
type CallerPool struct {
	Name           string   `json:"name"`
	Others         int64    `json:"others_attempts"`
	AnswerRate     *float64 `json:"others_answer_rate"`
	AnswerInterval Interval `json:"others_answer_interval"`
	ShortRatio     *float64 `json:"others_short_ratio"`
	Ill            *string  `json:"ill"`
}

// CallerRest is why a number is not called from.
type CallerRest struct {
	Since  string  `json:"since"`
	Until  string  `json:"until"`
	Reason string  `json:"reason"`
	By     string  `json:"by"`
	Rule   *string `json:"rule"`
	Author string  `json:"author"`
}

// CallerID is a number that calls are placed from.
type CallerID struct {
	Number       string       `json:"number"`
	State        string       `json:"state"`
	Region       string       `json:"region"`
	Capabilities []string     `json:"capabilities"`
	CallsToday   int64        `json:"calls_today"`
	DailyCap     *int         `json:"daily_cap"`
	DayEnds      string       `json:"day_ends"`
	LastUsed     *string      `json:"last_used"`
	Health       CallerHealth `json:"health"`
	Pools        []CallerPool `json:"pools"`
	Rest         *CallerRest  `json:"rest"`
}

// PoolNames are the pools of a number.
func (c *CallerID) PoolNames() []string {
	names := make([]string, len(c.Pools))
	for i := range c.Pools {
		names[i] = c.Pools[i].Name
	}
	return names
}

// CallerIDs is a page of numbers.
type CallerIDs struct {
	AsOf  time.Time  `json:"as_of"`
	Items []CallerID `json:"items"`
}

type callerIDAnswer struct {
	CallerID CallerID `json:"caller_id"`
}

// CallerIDs is the first page of the numbers.
func (c *Client) CallerIDs(ctx context.Context) (p CallerIDs, err error) {
	err = c.Get(ctx, "/v1/caller-ids", nil, &p)
	return p, err
}

// CallerID is one number.
func (c *Client) CallerID(ctx context.Context, number string) (CallerID, error) {
	var a callerIDAnswer
	err := c.Get(ctx, callerIDPath(number), nil, &a)
	return a.CallerID, err
}

// RestCallerID lets a number rest.
func (c *Client) RestCallerID(ctx context.Context, number string, body any) (CallerID, error) {
	var a callerIDAnswer
	err := c.Post(ctx, callerIDPath(number)+"/rest", body, &a)
	return a.CallerID, err
}

// UnrestCallerID ends a number's rest.
func (c *Client) UnrestCallerID(ctx context.Context, number string, body any) (CallerID, error) {
	var a callerIDAnswer
	err := c.Post(ctx, callerIDPath(number)+"/unrest", body, &a)
	return a.CallerID, err
}

func callerIDPath(number string) string { return "/v1/caller-ids/" + url.PathEscape(number) }
