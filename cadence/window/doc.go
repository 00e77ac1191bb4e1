// Package window knows local time: which zones a telephone number may be in,
// which minutes of the local week allow a call there, on which days nobody is
// called, and when the next allowed instant comes. It is pure: it is handed
// the instant, and zones come only from the copy of the tz database it embeds,
// never from the machine it runs on.
//
// All arithmetic goes from instants to local time, so clock changes need no
// special case: an hour that does not exist allows nothing, and one that
// happens twice allows a call in both passes.
package window
