// Package sim runs the engine's own core under a virtual clock against a
// simulated carrier: weeks of dialing in moments, every step the same again
// for the same seed. Each world is single-threaded and has no goroutine. It
// serves two ends: with faults it is the proof harness, without them a
// forecast.
//
// A world has two phases. In the safety phase everything goes wrong at the
// odds of Faults. In the liveness phase nothing does, and what was begun has
// to come to its end. The witness stands beside it: it sees what the carrier
// accepts and what records land in the log, keeps its own books, and judges.
// It never asks the engine what it meant to do, and judges times by the
// carrier's clock, which is right.
//
// What it holds the engine to, and when it looks:
//
//	I1   an attempt is sent once, behind a durable intent, and not after it
//	     was given back; one open attempt and one call per number: at every
//	     intent and request
//	I2   hours and holidays in every zone the number may be in, derived by slow
//	     code of its own from the published text: at every accepted call
//	I3   calls to a number in any 24 hours: at every accepted call
//	I4   an open stay waits for exactly one thing, the due index and the
//	     numbers agree: after every turn for those it was about, for all by a
//	     full scan every 97 turns, after each restart and at the end
//	I5   the use of each caller ID: full scans
//	I6   no intent behind a durable or acknowledged no, of a person or of the
//	     house; a call that rings is cancelled within two seconds of one: at
//	     every record
//	I7   a campaign that is over a share of abandoned calls places none that the
//	     share's rule is about: at every intent; its counters are the fold of
//	     the facts: full scans. That the shares are those of the carrier's log is
//	     for package statute to judge
//	I8   counters are the fold of the facts, and figures of a call can be: at
//	     every closed attempt; full scans
//	I9   what was acknowledged is durable by then, and there after a restart;
//	     nothing leaves a turn whose commit failed, and nothing is committed
//	     after one: at every acknowledgement, every turn, after each restart
//	I10  folding the whole log again gives the same bytes: at the end
//	I12  never early, at every ask and intent, but for what the wall was set
//	     back by between the two; nothing waits two seconds longer than
//	     the pace demands when nothing is in its way, at every turn
//	I13  no second sees more requests than the rate and one: at every request
//	I16  no attempt whose call the carrier has is declared not placed: at every
//	     record; none is unknown for 25 minutes once faults are over, none at
//	     rest: at every turn of the liveness phase, at the end
//	I17  once faults are over the clock is trusted within five minutes, what is
//	     due is asked for within 90, an attempt ends within 90 of its intent;
//	     at rest every stay has ended: at every turn of the liveness phase
//	I21  a message of another shard is decided by nobody who knows less of the
//	     office's decisions than its sender did: at every record
//	I22  nobody is dialed who is on the line with us: at every intent and ask
//	I23  no list lets more new leads go in a day than it may: at every intent
//	I24  a rehearsal is placed once, within its minute, to a staff number that is
//	     verified or hears its code, ten times in any 24 hours: at every intent
//	     and accepted call; that no figure counts it is I8
//	F5   a question that is asked again gets the same answer: at each
//	F7   forged webhooks do not pass the adapter, and signed ones about nothing
//	     of ours change nothing: at each
//	F13  no intent while its node does not trust the clock: at every intent
//	F20  no message is quarantined: at every record
//
// I11, that the end of an attempt depends on the set of its events alone, is
// the permutation test of package dialer; here events come late, twice,
// overtaken, days old and not at all.
//
// Same seed, same trace: Result.Trace hashes every record, order, decision of
// the carrier and fault. Shrink makes a failing world small, and Recipe writes
// it down in one line that Read takes back.
package sim
