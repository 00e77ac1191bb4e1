package access

// Belonging is how many routes are said to be about what belongs to somebody.
func Belonging() int { return len(belongs) }
