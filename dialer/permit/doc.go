// Package permit answers whether a touch may happen now: allow, defer until an
// instant, or block, always naming the rule. It is one pure function of stored
// facts and the instant, so that a verdict kept with an attempt can be given
// again. Unknown means no: the zero Facts is never allowed.
//
// The checks stand in one order, cheap and final first: stops, do-not-call,
// consent, the age of imported lists, number and zone, waits and caps, hours
// and holidays, caller ID, abandoned calls, money. Hours are data: a Pack holds
// the compiled rules in force, and rules intersect, so that adding one can only
// narrow.
package permit
