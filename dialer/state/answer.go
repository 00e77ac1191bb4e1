package state

// Answers calls fn for each kept answer to an idempotent request, in the order
// of keys.
func (q Rows) Answers(fn func(key string, a *Answer) bool) error {
	return eachRow(q.R, tabAnswer, nil, func(k []byte, a *Answer) bool { return fn(string(k[1:]), a) })
}
