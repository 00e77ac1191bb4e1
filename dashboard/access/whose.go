package access

// Whose says to whom what a route's path names has to belong.
type Whose string

const (
	// Anybodys has no owner: whoever holds the grant may.
	Anybodys Whose = ""
	// Own is the caller's alone; of anybody else's there is nothing to be found.
	Own Whose = "own"
	// Lesser is a user who holds no grant that the caller lacks.
	Lesser Whose = "lesser"
)

// belongs are the routes about something that belongs to somebody. Their
// handlers look; the test that walks everybody over everybody's things is made
// from this.
var belongs = map[string]Whose{
	"DELETE /v1/me/sessions/:id":    Own,
	"PATCH /v1/views/:id":           Own, // until it is shared
	"DELETE /v1/views/:id":          Own,
	"POST /v1/views/:id/share":      Own, // likewise
	"POST /v1/views/:id/unshare":    Own,
	"PATCH /v1/users/:id":           Lesser,
	"POST /v1/users/:id/link":       Lesser,
	"DELETE /v1/users/:id/sessions": Lesser,
}

// Whose is to whom what the rule's path names has to belong.
func (r *Rule) Whose() Whose { return belongs[r.Method+" "+r.Path] }

// said is that in words, for ACCESS.md.
func (w Whose) said() string {
	switch w {
	case Own:
		return ", of one's own"
	case Lesser:
		return ", of users who hold no more"
	case Anybodys:
	}
	return ""
}
