package api

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// DossierFormat names the form of a dossier.
const DossierFormat = "carillon.dossier/v1"

// maxDossier is how many attempts one dossier holds at most.
const maxDossier = 1000

// dossier is all that is known of the calls to one number in a period.
type dossier struct {
	Format   string          `json:"format"`
	Number   cadence.Number  `json:"number"`
	AsOf     string          `json:"as_of"`
	From     *string         `json:"from"`
	To       *string         `json:"to"`
	Leads    []dossierLead   `json:"leads"`
	DNC      dossierDNC      `json:"dnc"`
	Consents dossierConsents `json:"consents"`
	Attempts []attemptDetail `json:"attempts"`
	Returns  []returnItem    `json:"return_calls"`
	// Rehearsals are the calls to it as a number of the house's own people.
	Rehearsals []dossierRehearsal `json:"rehearsals"`
	Rules      []dossierRule      `json:"rules"`
}

// dossierRehearsal is a rehearsal with the permit it was placed by; null when no
// call was placed.
type dossierRehearsal struct {
	rehearsalItem
	Verdict *verdictItem `json:"verdict"`
}

// dossierLead is a lead that has or had the number. ErasedAt is set when the
// person was erased: then nothing but the id is known.
type dossierLead struct {
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	ErasedAt *string `json:"erased_at"`
	ErasedBy string  `json:"erased_by"`
}

type dossierDNC struct {
	Marks   []dncEntry    `json:"marks"`
	History []dncWord     `json:"history"`
	Lists   []dossierList `json:"lists"`
}

type dossierConsents struct {
	Items       []consent           `json:"items"`
	Revocations []consentRevocation `json:"revocations"`
}

type dossierList struct {
	Name  string  `json:"name"`
	AsOf  *string `json:"as_of"`
	On    bool    `json:"on"`
	Since *string `json:"since"`
}

// dossierRule is the text of a rule as it stood in the packs that an attempt
// was judged by.
type dossierRule struct {
	Packs string     `json:"packs"`
	Rule  *pack.Rule `json:"rule"`
}

// Dossier is a dossier with its digest: the SHA-256 of its canonical JSON.
type Dossier struct {
	Digest  string          `json:"digest"`
	Dossier json.RawMessage `json:"dossier"`
}

// Canonical is JSON without blanks, members in the order of their names, < > and
// & escaped: what a dossier's digest is taken of.
func Canonical(raw []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

// DigestOf is the digest of a dossier's canonical JSON.
func DigestOf(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func (a *API) getDossier(r *request) (answer, error) {
	n, err := number("number", r.query("number"))
	if err != nil {
		return answer{}, err
	}
	from, to, err := r.period()
	if err != nil {
		return answer{}, err
	}
	form := cmp.Or(r.query("format"), "json")
	if form != "json" && form != "html" {
		return answer{}, invalid("format", "format must be json or html")
	}
	d := dossier{Format: DossierFormat, Number: n, AsOf: a.asOf(), From: maybe(from), To: maybe(to), Leads: []dossierLead{}, Attempts: []attemptDetail{}, Returns: []returnItem{}, Rehearsals: []dossierRehearsal{}, Rules: []dossierRule{}}
	if err := a.gather(&d, n, from, to); err != nil {
		return answer{}, err
	}
	raw, err := json.Marshal(&d)
	if err != nil {
		return answer{}, err
	}
	canonical, err := Canonical(raw)
	if err != nil {
		return answer{}, err
	}
	if form == "json" {
		return ok(Dossier{DigestOf(canonical), canonical})
	}
	page, err := dossierPage(&d, canonical)
	return answer{
		status: http.StatusOK, body: page, contentType: "text/html; charset=utf-8",
		disposition: `attachment; filename="dossier-` + string(n[1:]) + `.html"`,
	}, err
}
