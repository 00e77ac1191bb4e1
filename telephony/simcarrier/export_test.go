package simcarrier

// ParseTwiML reads a document and reports the names of its verbs.
func ParseTwiML(raw []byte) ([]string, error) {
	doc, err := parseTwiML(raw, nil)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, v := range doc.verbs {
		names = append(names, v.name)
		for _, kid := range v.kids {
			names = append(names, kid.name)
		}
	}
	return names, nil
}

// CodeOf is the carrier's code of an error.
var CodeOf = codeOf

// Override reads a URL's connection overrides.
func Override(raw string) (target string, retries int) {
	o := parseOverride(raw)
	return o.target, o.retries
}

// Sign signs a request.
var Sign = sign
