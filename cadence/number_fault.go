package cadence

// NumberError says why a text is not a telephone number. Code is stable,
// Message tells what is wrong and Remedy what to do about it.
type NumberError struct {
	Code    string
	Message string
	Remedy  string
}

// Error is the message.
func (e *NumberError) Error() string { return e.Message }

var (
	faultEmpty = &NumberError{
		"number.empty", "there is no number",
		"give the lead a number or leave it out",
	}
	faultLongText = &NumberError{
		"number.text_too_long", "the text is too long to be a telephone number",
		"keep one number per cell",
	}
	faultControl = &NumberError{
		"number.characters", "the number holds control characters or broken text",
		"remove them, or save the file as UTF-8",
	}
	faultScientific = &NumberError{
		"number.scientific", "the number is in scientific notation, as a spreadsheet shows it (3.03556E+09): its last digits are lost",
		"format the column as text in the spreadsheet, enter the number again and export once more",
	}
	faultDecimal = &NumberError{
		"number.decimal", "the number has decimals: the column was saved as an amount",
		"format the column as text and export once more",
	}
	faultLetters = &NumberError{
		"number.letters", "the number holds letters",
		"write digits only; an extension as x12",
	}
	faultRegion = &NumberError{
		"number.country", "the number has no country code that exists, and no region to read it by",
		"write it as +CODE NUMBER, or set the default region",
	}
	faultShort = &NumberError{
		"number.short", "the number is too short",
		"write it with its area code",
	}
	faultLong = &NumberError{
		"number.long", "the number is too long",
		"write it as +CODE NUMBER, with one number per cell",
	}
	faultInvalid = &NumberError{
		"number.invalid", "there can be no such number in its country",
		"check its digits and its country code",
	}
)
