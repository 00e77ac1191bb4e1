// Package pacing decides which of the touches that are due get a call now, and
// from which number. One Pacer stands for one carrier account: it keeps the
// account's calls per second and open calls, shares them fairly between
// campaigns, and chooses the caller ID. A place is given as a grant, which is
// spent, given back, or expires.
//
// A Pacer has one owner, reads no clock and draws no chance: everything is a
// function of the instants and calls it is told. Instants are the owner's real
// time, which must not depend on a virtual clock's speed.
package pacing
