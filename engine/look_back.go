package main

import (
	"fmt"
	"time"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/crash"
	"kubesolo-os/engine/logs"
	"kubesolo-os/engine/quarantine"
)

// lookBack tells how the last run ended if nothing in it could, and what isn't tried again at once because of it.
func lookBack(c config.Config) *quarantine.Ledger {
	last, err := crash.Watch(c.CrashFile())
	if err != nil {
		logs.Line("engine", "a crash of this run won't be told by the next one: %v", err)
	}
	reason := ""
	if last != nil {
		logs.Line(orElse(last.Component, "engine"), "the last run ended by a panic: %s, in %s; all of it is in %s",
			last.Reason, orElse(last.Function, "an unknown function"), crash.LastFile(c.CrashFile()))
		if last.Again {
			crash.SpareOthers(c.CrashFile())
			logs.Line("engine", "it is the second time in a row: until the next start, such a panic ends only what is worked on, where that is possible")
		}
		reason = quarantineReason(*last)
	}
	ledger, suspects := quarantine.Open(c.Quarantine(), version+" "+commit, reason, time.Now)
	for _, item := range suspects {
		held := "it is tried alone"
		if time.Now().Before(item.Until) {
			held = quarantine.Held{Item: item}.Error()
		}
		logs.Line("engine", "%s may have ended the engine: %s", item.Key, held)
	}
	return ledger
}

// quarantineReason is empty for a crash that nothing which is noted, images and pods' containers, can have caused. Pure.
func quarantineReason(last crash.Report) string {
	switch last.Component {
	case "containerd", "images", "":
		return fmt.Sprintf("%s in %s", last.Reason, orElse(last.Function, "an unknown function"))
	}
	return ""
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
