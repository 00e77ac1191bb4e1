package api

import (
	"context"
	"io"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/pacing"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
	"github.com/carillon-dialer/carillon/dialer/projection"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/routing"
)

// Operator is the engine as the API sees it. Do and Each answer only when what
// they say is durable; a *dialer.Refusal says why something cannot be done.
// All methods are safe for concurrent use.
type Operator interface {
	Do(ctx context.Context, m dialer.Message) (any, error)
	Each(ctx context.Context, ms []dialer.Message) (replies []any, errs []error)
	StartImport(ctx context.Context, req dialer.ImportRequest, body io.Reader) (cadence.ID, error)
	UndoImport(ctx context.Context, id cadence.ID, by string) error
	DryRun(ctx context.Context, req dialer.ImportRequest, body io.Reader) (*dialer.DryRun, error)
	StartScrub(ctx context.Context, req dialer.ScrubRequest, body io.Reader) (cadence.ID, error)
	ListsOf(n cadence.Number) ([]permit.List, error)
	CallerIDs() ([]dialer.CallerIDSeen, error)
	Shares() ([]dialer.Share, error)
	Erase(ctx context.Context, lead cadence.ID, by, reason string) (*dialer.Erasure, error)
	Thresholds() pacing.Thresholds
	Explain(lead cadence.ID) (*dialer.Explanation, error)
	Forecast(lead cadence.ID, assume cadence.DispositionCode, limit int) (*dialer.Forecast, error)
	Preview(q dialer.Imagined, limit int) (*dialer.Preview, error)
	Suppose(q *dialer.Supposed) (*dialer.Supposition, error)
	Blockers(id cadence.ID, limit int) (*dialer.Blockers, error)
	ListDays(lists []cadence.ID) (days map[cadence.ID]dialer.ListDay, ends time.Time, err error)
	Signals(ctx context.Context, from, recent, to int64) ([]projection.Signal, bool, error)
	CallReport(ctx context.Context, q projection.Question) (*projection.Report, error)
	Replay(a *state.Attempt) (dialer.Replayed, error)
	AttemptLog(id cadence.ID, begun, ended int64) (dialer.AttemptLog, error)
	Packs() (*pack.Set, error)
	PacksOf(digest string) (*pack.Set, error)
	Rows() state.Rows
	Now() time.Time
	Status() dialer.Status
	Machine() (dialer.Machine, error)
	Token(n cadence.Number) event.Token
	Directory() *projection.Directory
	SortedLeads(ctx context.Context, q *projection.LeadQuestion) (page []projection.LeadKey, next *projection.LeadKey, whole bool, n int, err error)
	LeadByExternal(ext string) (cadence.ID, error)
	Dispositions() *routing.Set
	Known() (cadence.Known, error)
	Pending() (int64, error)
	AcceptClock()
}
