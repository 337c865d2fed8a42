// Package servicestack stands for the client library: the types that sources take from it, and what it asks a request.
package servicestack

// ResponseError is one thing that is wrong with a request.
type ResponseError struct {
	ErrorCode string            `json:"errorCode,omitempty"`
	FieldName string            `json:"fieldName,omitempty"`
	Message   string            `json:"message,omitempty"`
	Meta      map[string]string `json:"meta,omitempty"`
}

// ResponseStatus tells why a request failed.
type ResponseStatus struct {
	ErrorCode  string            `json:"errorCode,omitempty"`
	Message    string            `json:"message,omitempty"`
	StackTrace string            `json:"stackTrace,omitempty"`
	Errors     []ResponseError   `json:"errors,omitempty"`
	Meta       map[string]string `json:"meta,omitempty"`
}

// Asks is a request with an answer.
type Asks[T any] interface {
	CreateResponse() T
	HttpMethod() string
}

// Tells is a request without an answer.
type Tells interface {
	CreateResponseVoid()
	HttpMethod() string
}
