"""Files in: exports of shops, CRMs and payment systems become typed order columns."""
