"""The merchant REST API: translate, call one use case, shape. One router per noun."""
