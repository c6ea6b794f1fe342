"""One RFC 6962 Merkle log per school, stored so that an append and a proof cost O(log n)."""
