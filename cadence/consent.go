package cadence

// ConsentRecord is what a person agreed to, or the relationship there is: who
// may be asked what it rests on. It holds for one number.
type ConsentRecord struct {
	Kind   string `cbor:"1,keyasint"`           // as rule packs name it, without "consent."
	Given  int64  `cbor:"2,keyasint"`           // when, Unix ms
	Seller string `cbor:"3,keyasint,omitempty"` // who it was given to
	Scope  Scope  `cbor:"4,keyasint,omitempty"` // the calls it is about
	Source string `cbor:"5,keyasint,omitempty"` // where it was given: a form, a call, a contract
	Proof  string `cbor:"6,keyasint,omitempty"` // where it can be seen: a text, an address, a digest
}

// Limits of a consent's texts, in bytes.
const (
	MaxConsentSeller = 200
	MaxConsentSource = 200
	MaxConsentProof  = 2000
)

// Misfit names the text that is too long and its limit; "" when all fit.
func (r *ConsentRecord) Misfit() (field string, limit int) {
	switch {
	case len(r.Seller) > MaxConsentSeller:
		return "seller", MaxConsentSeller
	case len(r.Source) > MaxConsentSource:
		return "source", MaxConsentSource
	case len(r.Proof) > MaxConsentProof:
		return "proof", MaxConsentProof
	case len(r.Scope) > MaxScopeBytes:
		return "scope", MaxScopeBytes
	}
	return "", 0
}
