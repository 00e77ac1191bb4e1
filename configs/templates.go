package configs

import (
	"fmt"

	"github.com/goccy/go-yaml"
)

// ShippedTemplate is a cadence document to begin with. File is its name without
// ".json" and Vertical the line of business it is for.
type ShippedTemplate struct {
	File     string `yaml:"file"`
	Vertical string `yaml:"vertical"`
	Document []byte `yaml:"-"`
}

// Templates are the shipped cadences in the order of the gallery.
func Templates() []ShippedTemplate {
	var all []ShippedTemplate
	if err := yaml.Unmarshal(must("templates/gallery.yaml"), &all); err != nil {
		panic(fmt.Sprintf("BUG: the gallery of templates cannot be read: %v", err))
	}
	for i := range all {
		all[i].Document = must("templates/" + all[i].File + ".json")
	}
	return all
}
