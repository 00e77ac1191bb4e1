// Package cadence is what a cadence is: its document, its validation and its
// canonical JSON, and the people and calls it speaks about. It is pure: it
// reads no clock, opens no file and knows nothing of carriers or storage.
package cadence
