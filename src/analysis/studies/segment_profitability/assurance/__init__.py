"""How sure it is who loses money: other assumptions, other customers."""
