// Package simcarrier is a telephone company that exists only in memory: an
// HTTP server that any Twilio client can talk to. It accepts calls, rings,
// lets people and machines answer, fetches and follows TwiML, reports by
// signed callbacks, and fails on demand. Nobody is ever called.
//
// It is the far side of every test. Nothing here knows what the dialer means
// to do: a call's fate is a function of the seed, the called number and how
// often that number was called before, and everything that happens is written
// to a log of its own, on disk before anyone can see it. A test that wants to
// know whether a person was called twice asks this log, not the dialer.
//
// Time of queueing, ringing, speaking and talking, and the delays of faults
// on callbacks, run on Options.Clock. Sockets, their deadlines, the pauses
// between retries of a callback and the fault "slow" run on real time.
//
// What is not simulated: recordings (Record is taken and warned about),
// conferences, queues, streams, SIP credentials, audio (the
// length of speech is reckoned, files are never fetched). A <Dial> has exactly
// one target, a number or a SIP address. A document the real carrier would
// follow in part, with a warning, ends the call here, with an error in the log.
//
// The API is that of Twilio's version 2010-04-01, as far as a dialer needs
// it; [Carrier.Handler] lists the routes. Four more are its own and ask for
// no credentials: GET and PUT /_sim/faults, GET and PUT /_sim/model, GET
// /_sim/stats, and POST /_sim/inbound, which makes somebody call one of the
// account's numbers ([InboundCall]). Never expose it beyond a test network.
package simcarrier
