"""How every mutation that our documents use is carried out."""
