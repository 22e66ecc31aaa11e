package main

import (
	"time"

	"github.com/beevik/ntp"

	"kubesolo-os/runtime/host"
)

func queryTime(server string, timeoutMs int64) (int64, error) {
	options := ntp.QueryOptions{Timeout: time.Duration(timeoutMs) * time.Millisecond}
	response, err := ntp.QueryWithOptions(server, options)
	if err != nil {
		return 0, err
	}
	if err := response.Validate(); err != nil {
		return 0, host.Failed("EPROTO", "%s: %v", server, err)
	}
	return time.Now().Add(response.ClockOffset).UnixMilli(), nil
}
