// Reads the recordings of a server as the types of a source, and writes them again.
package main

import (
	"encoding/json"
	"os"
)

func again[T any](text string) (string, error) {
	var message T
	if err := json.Unmarshal([]byte(text), &message); err != nil {
		return "", err
	}
	written, err := json.Marshal(message)
	return string(written), err
}

func main() {
	recordings := map[string]string{}
	if err := json.NewDecoder(os.Stdin).Decode(&recordings); err != nil {
		panic(err)
	}
	for name, text := range recordings {
		written, err := messages[name](text)
		if err != nil {
			panic(name + ": " + err.Error())
		}
		recordings[name] = written
	}
	if err := json.NewEncoder(os.Stdout).Encode(recordings); err != nil {
		panic(err)
	}
}
