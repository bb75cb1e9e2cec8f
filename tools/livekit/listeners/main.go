// Participants who only take data, as many as a class has: Python ones would take most of a small machine from what is
// measured. It reads {"url", "tokens"} from stdin, prints "ready" when all are in, and after one more line what they heard.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/livekit/livekit-server/pkg/telemetry/prometheus"
	"github.com/livekit/livekit-server/test/client"
	"github.com/livekit/protocol/livekit"
	"golang.org/x/sys/unix"
)

const connectWithin = 30 * time.Second

type room struct {
	URL    string   `json:"url"`
	Tokens []string `json:"tokens"`
}

// By sequence: how many had the packet, and when the first and the last of them did (CLOCK_MONOTONIC, as Python's).
type heard struct {
	Counts  map[int]int   `json:"counts"`
	FirstNs map[int]int64 `json:"first_ns"`
	LastNs  map[int]int64 `json:"last_ns"`
	mutex   sync.Mutex
}

func (h *heard) hear(packet []byte) {
	atNs := monotonicNs()
	var event struct {
		Sequence *int `json:"sequence"`
	}
	if json.Unmarshal(packet, &event) != nil || event.Sequence == nil {
		return
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	n := *event.Sequence
	h.Counts[n]++
	if _, known := h.FirstNs[n]; !known {
		h.FirstNs[n] = atNs
	}
	h.LastNs[n] = max(h.LastNs[n], atNs)
}

func monotonicNs() int64 {
	var at unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &at); err != nil {
		panic(err)
	}
	return at.Nano()
}

// The client asks a public STUN server when the room names none; this one is asked in its place, on loopback, and is not there.
func onLoopback(res *livekit.SignalResponse, next client.SignalResponseHandler) error {
	if join := res.GetJoin(); join != nil {
		join.IceServers = []*livekit.ICEServer{{Urls: []string{"stun:127.0.0.1:9"}}}
	}
	return next(res)
}

func enter(url, token string, all *heard) (*client.RTCClient, error) {
	options := &client.Options{SignalResponseInterceptor: onLoopback}
	connection, err := client.NewWebSocketConn(url, token, options)
	if err != nil {
		return nil, err
	}
	one, err := client.NewRTCClient(connection, false, options)
	if err != nil {
		return nil, err
	}
	one.OnDataReceived = func(packet []byte, _ string) { all.hear(packet) }
	go one.Run()
	return one, one.WaitUntilConnected(connectWithin)
}

func main() {
	// The client is the server's own, and counts as the server does.
	if err := prometheus.Init("listeners", livekit.NodeType_SERVER); err != nil {
		panic(err)
	}
	lines := bufio.NewReader(os.Stdin)
	line, err := lines.ReadBytes('\n')
	if err != nil {
		panic(err)
	}
	var where room
	if err := json.Unmarshal(line, &where); err != nil {
		panic(err)
	}
	all := &heard{Counts: map[int]int{}, FirstNs: map[int]int64{}, LastNs: map[int]int64{}}
	for _, token := range where.Tokens {
		one, err := enter(where.URL, token, all)
		if err != nil {
			panic(err)
		}
		defer one.Stop()
	}
	fmt.Println("ready")
	if _, err := lines.ReadBytes('\n'); err != nil {
		panic(err)
	}
	all.mutex.Lock()
	defer all.mutex.Unlock()
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		panic(err)
	}
}
