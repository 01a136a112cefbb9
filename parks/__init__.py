"""The technology parks: space, admission, tenancy."""
