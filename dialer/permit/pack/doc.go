// Package pack holds the rules of law as data: the model of a rule, its strict
// reading from YAML with the line of every mistake, what is wrong between
// rules, the digest that names a set, and the compilation into what one call
// is judged by.
//
// A rule can only narrow what is allowed. Sets are immutable: a change of law
// is another set, and rules carry the local days on which they are in force,
// so that it can be written down before it happens.
package pack
