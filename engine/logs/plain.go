package logs

import "strings"

// plainWriter is for loggers that write text. CoreDNS puts a level before it, the others have none.
type plainWriter struct{ debug bool }

func (w plainWriter) Write(entry []byte) (int, error) {
	level, message := splitLevel(string(entry))
	if w.debug || level != "INFO" && level != "DEBUG" {
		write(message)
	}
	return len(entry), nil
}

// splitLevel cuts "[WARNING] plugin/errors: it failed" into the level and the message. Pure.
func splitLevel(entry string) (level, message string) {
	header, message, found := strings.Cut(entry, "] ")
	level, bracketed := strings.CutPrefix(header, "[")
	if !found || !bracketed || strings.Trim(level, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "", entry
	}
	if plugin, rest, found := strings.Cut(message, ": "); found && strings.HasPrefix(plugin, "plugin/") {
		return level, rest
	}
	return level, message
}
