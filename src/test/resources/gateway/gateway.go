// A gateway that is well as long as its process runs.
package main

import (
	"fmt"
	"net/http"
)

func main() {
	http.HandleFunc("/health", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, `{"status":"ok"}`) })
	panic(http.ListenAndServe(":8000", nil))
}
