"""Small networks that read a picture: finish, colour, world, view, bodywork."""
