package logs

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// OneLine is the text with a space for whatever stands between its words. Pure.
func OneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// Printable writes what would act on a terminal as Go does, such as \x1b: control characters and those that turn the
// direction of writing. Names and messages come from pods' specifications and programs, and the log is read on consoles. Pure.
func Printable(text string) string {
	if strings.IndexFunc(text, acts) < 0 && utf8.ValidString(text) {
		return text
	}
	var safe strings.Builder
	for len(text) > 0 {
		char, size := utf8.DecodeRuneInString(text)
		quoted := text[:size]
		if acts(char) || char == utf8.RuneError && size == 1 {
			quoted = strings.Trim(strconv.Quote(quoted), `"`)
		}
		safe.WriteString(quoted)
		text = text[size:]
	}
	return safe.String()
}

func acts(char rune) bool { return char != '\n' && char != '\t' && !strconv.IsPrint(char) }
