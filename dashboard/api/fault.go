package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
)

// Fault is an answer that says what went wrong: the one error shape.
type Fault struct {
	Status  int               `json:"-"`
	Code    string            `json:"code"`
	Message string            `json:"message"`
	Field   string            `json:"field"`
	Details []cadence.Problem `json:"details"`
}

func (f *Fault) Error() string { return f.Message }

// The codes of a Fault that the engine does not give.
const (
	codeForbidden    = "forbidden"
	codeTooLarge     = "too_large"
	codeUnauthorized = "unauthorized"
	codeRateLimited  = "rate_limited"
)

// statuses maps codes to HTTP.
var statuses = map[string]int{
	dialer.CodeInvalid:     http.StatusBadRequest,
	codeForbidden:          http.StatusForbidden,
	codeUnauthorized:       http.StatusUnauthorized,
	codeRateLimited:        http.StatusTooManyRequests,
	dialer.CodeNotFound:    http.StatusNotFound,
	dialer.CodeConflict:    http.StatusConflict,
	codeTooLarge:           http.StatusRequestEntityTooLarge,
	dialer.CodeRefused:     http.StatusUnprocessableEntity,
	dialer.CodeInternal:    http.StatusInternalServerError,
	dialer.CodeUnavailable: http.StatusServiceUnavailable,
}

// NewFault makes a fault of one of the contract's codes.
func NewFault(code, field, message string) *Fault {
	return &Fault{Status: statuses[code], Code: code, Message: message, Field: field}
}

func invalid(field, message string) *Fault { return NewFault(dialer.CodeInvalid, field, message) }

func notFound(what string) *Fault {
	return NewFault(dialer.CodeNotFound, "id", "there is no such "+what)
}

// faultOf is the answer to an error. known is false for errors nobody foresaw:
// they are logged, and their text is not told.
func faultOf(err error) (f *Fault, known bool) {
	var refusal *dialer.Refusal
	switch {
	case errors.As(err, &f):
		return f, true
	case errors.As(err, &refusal):
		f = NewFault(refusal.Code, refusal.Field, refusal.Message)
		f.Details = refusal.Details
		return f, refusal.Code != dialer.CodeInternal
	case errors.Is(err, dialer.ErrTooLarge):
		return NewFault(codeTooLarge, "", err.Error()), true
	case errors.Is(err, dialer.ErrBusy), errors.Is(err, dialer.ErrStopped):
		return NewFault(dialer.CodeUnavailable, "", err.Error()), true
	case errors.Is(err, context.DeadlineExceeded):
		return NewFault(dialer.CodeUnavailable, "", "it was not durable in time and may still happen; repeat it with the same Idempotency-Key"), true
	}
	return NewFault(dialer.CodeInternal, "", "something went wrong; the server's log says what"), false
}
